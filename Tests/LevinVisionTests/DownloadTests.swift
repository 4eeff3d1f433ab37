import Foundation
import LevinData
import LevinFormats
import LevinSystem
import LevinTensor
import Synchronization
import Testing

@testable import LevinVision

@Suite struct DownloadTests {
  private let content = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
  private var file: RemoteFile {
    RemoteFile(
      name: "digits.gz", byteCount: content.count, sha256: SHA256.hexadecimal(of: content))
  }

  /// Downloads the file from the mirrors into a new folder, and returns the events and the content of the folder.
  private func download(
    _ mirrors: [String], partial: [UInt8]? = nil
  ) async throws -> (problems: [String], names: [String], failure: Downloader.Failure?) {
    let folder = FileManager.default.temporaryDirectory.path + "/levin-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileBytes.makeFolder(folder)
    if let partial { try AtomicFile.write(partial, to: folder + "/digits.gz.part") }
    let problems = Problems()
    var downloader = Downloader(mirrors: mirrors, folder: folder + "/raw/..")
    downloader.stallTimeout = .milliseconds(500)
    downloader.onEvent = { event in
      if case .failed(_, let problem) = event { problems.list.withLock { $0.append(problem) } }
    }
    var failure: Downloader.Failure?
    do { try await downloader.fetch([file]) } catch let error as Downloader.Failure {
      failure = error
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    if failure == nil { #expect(try FileBytes.read(folder + "/digits.gz") == content) }
    return (problems.list.withLock { $0 }, names.filter { $0 != "raw" }, failure)
  }

  private final class Problems: Sendable {
    let list = Mutex<[String]>([])
  }

  @Test func aGoodMirrorGivesTheFile() async throws {
    let server = try MirrorServer(.good, content)
    let result = try await download([server.address])
    #expect(result.problems == [] && result.names == ["digits.gz"])
    #expect(server.requests == [.init(path: "/digits.gz", firstByte: 0)])
  }

  @Test(arguments: [
    (MirrorServer.Manner.notFound, "answers 404 (not found)"),
    (
      .page,
      "sends a page (text/html; charset=utf-8) instead of the file; perhaps a network's sign-in page"
    ),
    (.tooLong, "sends 200001 bytes, expected 200000"),
    (.wrongBytes, "sends wrong bytes: SHA-256 "),
  ])
  func aBadMirrorIsPassedOver(manner: MirrorServer.Manner, problem: String) async throws {
    let bad = try MirrorServer(manner, content)
    let good = try MirrorServer(.good, content)
    let result = try await download([bad.address, good.address])
    #expect(result.problems.count == 1 && result.problems[0].hasPrefix(problem))
    #expect(result.names == ["digits.gz"])
    #expect(good.requests == [.init(path: "/digits.gz", firstByte: 0)])
  }

  @Test func aRedirectionIsFollowed() async throws {
    let good = try MirrorServer(.good, content)
    let server = try MirrorServer(.redirects(to: good.address), content)
    let result = try await download([server.address], partial: Array(content[..<1000]))
    #expect(result.problems == [] && result.names == ["digits.gz"])
    #expect(good.requests == [.init(path: "/digits.gz", firstByte: 1000)])
  }

  @Test func aBrokenConnectionIsTakenUpWhereItBrokeOff() async throws {
    let server = try MirrorServer(.breaksOff, content)
    let result = try await download([server.address])
    #expect(result.problems == [] && result.names == ["digits.gz"])
    #expect(server.requests.map(\.firstByte) == [0, 100_000])
  }

  @Test func whereOneMirrorStallsTheNextGoesOn() async throws {
    let bad = try MirrorServer(.stalls, content)
    let good = try MirrorServer(.good, content)
    let result = try await download([bad.address, good.address])
    #expect(result.problems == ["stalls after 100000 of 200000 bytes (nothing received for 0.5 s)"])
    #expect(good.requests.map(\.firstByte) == [100_000])
  }

  @Test func whatAnEarlierRunLeftIsUsedIfItIsRight() async throws {
    let good = try MirrorServer(.good, content)
    let right = try await download([good.address], partial: Array(content[..<150_000]))
    #expect(right.problems == [] && right.names == ["digits.gz"])
    #expect(good.requests.map(\.firstByte) == [150_000])

    let wrong = try await download(
      [good.address], partial: [UInt8](repeating: 9, count: 150_000))
    #expect(wrong.problems == [] && wrong.names == ["digits.gz"])
    #expect(good.requests.map(\.firstByte) == [150_000, 150_000, 0])

    let plain = try MirrorServer(.ignoresRanges, content)
    let whole = try await download([plain.address], partial: Array(content[..<150_000]))
    #expect(whole.problems == [] && whole.names == ["digits.gz"])
  }

  @Test func filesOnThisMachineAreMirrorsToo() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("levin mirror \(UUID().uuidString)")
    try FileBytes.makeFolder(folder.path)
    defer { try? FileManager.default.removeItem(at: folder) }
    try AtomicFile.write(content, to: folder.path + "/digits.gz")
    let result = try await download([folder.absoluteString + "/"])
    #expect(result.problems == [] && result.names == ["digits.gz"])
  }

  @Test func whereNothingWorksTheErrorSaysWhatWasTriedAndLeavesNothing() async throws {
    let bad = try MirrorServer(.notFound, content)
    let result = try await download([
      bad.address, "http://127.0.0.1:9/", "gopher://old/", "file:///nowhere/",
    ])
    #expect(result.names == [])
    let failure = try #require(result.failure)
    let error = DownloadError(
      .mnist, missing: ImageDataset.mnist.remoteFiles.map(\.name), file: failure.file,
      folder: "./MNIST/raw", attempts: failure.attempts)
    #expect(
      error.description == """
        MNIST is not on this disk, and digits.gz could not be downloaded:
          \(bad.address)digits.gz: answers 404 (not found)
          http://127.0.0.1:9/digits.gz: cannot be reached (no connection)
          gopher://old/digits.gz: not an address that starts with http://, https:// or file://
          file:///nowhere/digits.gz: cannot read '/nowhere/digits.gz': No such file or directory. Check the path.
        To continue, do one of these:
          put the four .gz files into ./MNIST/raw, or set LEVIN_MNIST to the folder that has all four;
          name a mirror that you can reach: levin fit --data.mirror URL (http://, https:// or file://), or set LEVIN_MNIST_MIRROR to it;
          train on built-in digits, which need no file and no network: levin fit --data.dataset strokes
        """)
  }

  /// CIFAR's archive with a record in each file, and a file that leads outside.
  private func archive(in root: String) throws -> [UInt8] {
    let folder = root + "/made/cifar-10-batches-bin"
    try FileBytes.makeFolder(folder)
    for (label, name) in CIFAR10.files.files.enumerated() {
      try AtomicFile.write(
        [UInt8(label)] + [UInt8](repeating: 7, count: 3072), to: "\(folder)/\(name)")
    }
    try AtomicFile.write([1], to: root + "/made/outside")
    let tar = Process()
    tar.executableURL = URL(filePath: "/usr/bin/env")
    tar.arguments = [
      "tar", "-C", root + "/made", "-czf", root + "/made.tar.gz", "cifar-10-batches-bin", "outside",
    ]
    try tar.run()
    tar.waitUntilExit()
    return try FileBytes.read(root + "/made.tar.gz")
  }

  @Test func archivesAreDownloadedAndUnpackedOnce() async throws {
    let root = FileManager.default.temporaryDirectory.path + "/levin-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    let packed = try archive(in: root)
    let (bad, good) = (try MirrorServer(.notFound, packed), try MirrorServer(.breaksOff, packed))
    let files = RecordFiles(
      name: "CIFAR-10", folder: CIFAR10.files.folder, files: CIFAR10.files.files,
      archive: RemoteFile(
        name: "c.tar.gz", byteCount: packed.count, sha256: SHA256.hexadecimal(of: packed)),
      mirrors: [good.address])
    let events = Problems()
    func prepare() async throws {
      try await files.prepare(root: root + "/data", mirror: bad.address) { event in
        if case .failed(_, let problem) = event { events.list.withLock { $0.append(problem) } }
      }
    }
    try await prepare()
    #expect(events.list.withLock { $0 } == ["answers 404 (not found)"])
    let set = try CIFAR10(root: root + "/data", train: true, transform: Compose())
    #expect(try set.batch(at: [0, 4]).labels.scalars(as: Int64.self) == [0, 4])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: root + "/data").sorted()
        == ["c.tar.gz", "cifar-10-batches-bin"])
    let requests = good.requests.count
    #expect(requests >= 1)
    // What was unpacked is enough, and so is the archive.
    try FileManager.default.removeItem(atPath: root + "/data/c.tar.gz")
    try await prepare()
    try AtomicFile.write(packed, to: root + "/data/c.tar.gz")
    try FileManager.default.removeItem(atPath: root + "/data/cifar-10-batches-bin/test_batch.bin")
    try await prepare()
    #expect(good.requests.count == requests)
    let test = try CIFAR10(root: root + "/data", train: false, transform: Compose())
    #expect(try test.batch(at: [0]).labels.scalars(as: Int64.self) == [5])
  }

  @Test func archivesThatCannotBeHadAreExplained() async throws {
    let root = FileManager.default.temporaryDirectory.path + "/levin-\(UUID().uuidString)"
    let bad = try MirrorServer(.notFound, content)
    for (files, name) in [
      (CIFAR10.files, "cifar-10-binary"), (CIFAR100.files, "cifar-100-binary"),
      (STL10.files, "stl10_binary"),
    ] {
      let files = RecordFiles(
        name: files.name, folder: files.folder, files: files.files, archive: files.archive,
        mirrors: [bad.address])
      let error = await #expect(throws: DownloadError.self) {
        try await files.prepare(root: root, mirror: "") { _ in }
      }
      #expect(
        error?.description == """
          \(files.name) is not on this disk, and \(name).tar.gz could not be downloaded:
            \(bad.address)\(name).tar.gz: answers 404 (not found)
          To continue, do one of these:
            put \(name).tar.gz into \(root);
            pass the address of a mirror that you can reach to prepare(root:mirror:) (http://, https:// or file://)
          """)
      #expect(!FileManager.default.fileExists(atPath: root))
    }
    // A file of the right length with the wrong content is no CIFAR.
    let wrong = try MirrorServer(.good, [UInt8](repeating: 0, count: 4))
    let few = RecordFiles(
      name: "X", folder: "x", files: ["y"],
      archive: RemoteFile(name: "x", byteCount: 4, sha256: CIFAR10.files.archive.sha256),
      mirrors: [wrong.address])
    let error = await #expect(throws: DownloadError.self) {
      try await few.prepare(root: root, mirror: "") { _ in }
    }
    #expect(error?.attempts.first?.problem.hasPrefix("sends wrong bytes") ?? false)
  }

  /// Only the missing one of four files is requested, and it is put beside the other three.
  @Test func aMissingFileIsPutBesideTheOthers() async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/levin-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileBytes.makeFolder(folder)
    let files = MNISTFiles(name: "MNIST", root: folder)
    #expect(files.folderForMissing == folder + "/MNIST/raw")
    let names = ImageDataset.mnist.remoteFiles.map(\.name)
    for name in names.dropLast() { try AtomicFile.write([0], to: folder + "/" + name) }
    #expect(files.folderForMissing == folder)
    let error = DownloadError(
      .mnist, missing: names.suffix(1), file: names[3], folder: folder,
      attempts: [.init(address: "http://m/t.gz", problem: "answers 404 (not found)")])
    #expect(
      error.description == """
        \(folder) has MNIST without t10k-labels-idx1-ubyte.gz, which could not be downloaded:
          http://m/t.gz: answers 404 (not found)
        To continue, do one of these:
          put t10k-labels-idx1-ubyte.gz into \(folder), or set LEVIN_MNIST to the folder that has all four;
          name a mirror that you can reach: levin fit --data.mirror URL (http://, https:// or file://), or set LEVIN_MNIST_MIRROR to it;
          train on built-in digits, which need no file and no network: levin fit --data.dataset strokes
        """)
  }

  /// A server that promises more bytes than can be counted must be wrong.
  @Test func aPromiseBeyondAllNumbersIsRefused() async throws {
    let bad = try MirrorServer(.promisesEverything, content)
    let good = try MirrorServer(.good, content)
    let result = try await download([bad.address, good.address], partial: Array(content[..<1000]))
    #expect(result.problems == ["sends \(Int.max) bytes, expected 200000"])
    #expect(result.names == ["digits.gz"])
  }

  @Test func mirrorsAreAskedInTheOrderTheyAreNamed() {
    #expect(
      ImageDataset.addresses(" http://a/b,https://c/ file:///d") == [
        "http://a/b/", "https://c/", "file:///d/",
      ])
    for dataset in ImageDataset.allCases where dataset != .strokes {
      #expect(dataset.remoteFiles.count == 4)
      #expect(dataset.mirrors.allSatisfy { $0.hasSuffix("/") } && !dataset.mirrors.isEmpty)
      #expect(dataset.remoteFiles.allSatisfy { $0.sha256.count == 64 })
    }
  }

  @Test func aCancelledDownloadEndsAndKeepsWhatItHas() async throws {
    let server = try MirrorServer(.stalls, content)
    let folder = FileManager.default.temporaryDirectory.path + "/levin-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (file, address) = (file, server.address)
    let task = Task {
      var downloader = Downloader(mirrors: [address], folder: folder)
      try await downloader.fetch([file])
    }
    while (try? FileBytes.read(folder + "/digits.gz.part").count) != 100_000 {
      try await Task.sleep(for: .milliseconds(10))
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder) == ["digits.gz.part"])
  }

  @Test func theTerminalSeesOneLineAFileAndAPipeNoControlCharacters() {
    for isTerminal in [true, false] {
      let shown = Shown()
      let printer = DownloadPrinter(isTerminal: isTerminal) { more in
        shown.text.withLock { $0 += more }
      }
      printer.show(.progress(file: "a.gz", address: "http://m/a.gz", received: 0, total: 2_000_000))
      printer.show(.failed(address: "http://m/a.gz", problem: "answers 404 (not found)"))
      printer.show(.progress(file: "a.gz", address: "http://n/a.gz", received: 0, total: 2_000_000))
      printer.show(
        .progress(file: "a.gz", address: "http://n/a.gz", received: 2_000_000, total: 2_000_000))
      printer.show(.progress(file: "b.gz", address: "http://n/b.gz", received: 0, total: 4_542))
      let result = shown.text.withLock { $0 }
      if isTerminal {
        #expect(result.hasPrefix("\ra.gz  ░░░░░░░░░░ 0 %  0.0 kB of 2.0 MB"))
        #expect(result.contains("██████████ 100 %  2.0 MB of 2.0 MB"))
        #expect(result.filter { $0 == "\n" }.count == 3)
      } else {
        #expect(
          result == """
            downloading http://m/a.gz (2.0 MB)
            http://m/a.gz answers 404 (not found)
            downloading http://n/a.gz (2.0 MB)
            downloading http://n/b.gz (4.5 kB)

            """)
      }
    }
  }

  private final class Shown: Sendable {
    let text = Mutex("")
  }
}
