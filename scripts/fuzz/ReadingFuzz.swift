// Malicious input for everything that reads event files, pictures and files of tensors: nothing may trap, hang or take
// more memory than scripts/fuzz/run allows, and two ways of reading the same input must agree.

import Foundation
import LevinFormats
import LevinTensorBoard

private let folder: String = {
  let path = "/dev/shm/levin-fuzz-\(getpid())"
  mkdir(path, 0o700)
  atexit { _ = try? FileManager.default.removeItem(atPath: "/dev/shm/levin-fuzz-\(getpid())") }
  return path
}()

/// The first byte says what the others are: a file, the data of records with correct framing, a
/// picture, or a picture whose checksums are corrected; from 0xE0 on a JPEG picture, a portable map, an archive; from
/// 0xF0 on a file of tensors, a pickle in an archive, an array
/// or a safetensors header with the right length.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard count > 0 else { return 0 }
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let rest = Array(bytes.dropFirst())
  guard bytes[0] < 0xF0 else {
    switch bytes[0] & 3 {
    case 0: readTensors(rest)
    case 1: readTensors(archive([("a/data.pkl", rest), ("a/version", [0x33]), ("a/data/0", Array(0..<64))]))
    case 2: readTensors(archive([("a.npy", rest)]))
    default: readTensors(withUnsafeBytes(of: UInt64(rest.count).littleEndian) { Array($0) } + rest)
    }
    return 0
  }
  guard bytes[0] < 0xE0 else {
    switch bytes[0] & 3 {
    case 0: decodeJPEG(rest)
    case 1: _ = try? PortableMap.decode(rest, maximumPixels: 1 << 20)
    case 2:
      var tar = TarReader(path: "fuzz")
      rest.withUnsafeBytes { bytes in
        for piece in [bytes[..<(bytes.count / 3)], bytes[(bytes.count / 3)...]] {
          try? tar.take(UnsafeRawBufferPointer(rebasing: piece)) { _, _, _ in }
        }
      }
      try? tar.finish()
    default: _ = try? PNG.decodeWide(rest, maximumPixels: 1 << 20)
    }
    return 0
  }
  switch bytes[0] & 3 {
  case 0: read(rest)
  case 1: read(framed(rest))
  case 2: _ = try? PNG.decode(rest, maximumPixels: 1 << 20)
  default: _ = try? PNG.decode(withRightChecksums(rest), maximumPixels: 1 << 20)
  }
  return 0
}

/// A picture has the size that its header says, at every scale.
private func decodeJPEG(_ bytes: [UInt8]) {
  guard let information = try? JPEG.information(bytes) else {
    guard (try? JPEG.decode(bytes)) == nil else { fatalError("pixels without a header") }
    return
  }
  for scale in [1, 8] {
    let least = (width: information.width / scale, height: information.height / scale)
    if let picture = try? JPEG.decode(
      bytes, least: least, acceptsTruncated: scale == 8, maximumPixels: 1 << 20)
    {
      guard picture.width >= least.width, picture.width <= information.width else {
        fatalError("\(picture) of \(information)")
      }
    }
  }
}

/// Reads all there is in a file of tensors; what is read can be written, and read again with the same bytes.
private func readTensors(_ bytes: [UInt8]) {
  guard let file = try? TensorFile(bytes, path: "fuzz") else { return }
  if let content = file.content { _ = ("\(content)", "\(content.plain.value)") }
  var sources: [TensorFile.Source] = []
  var values: [String: [UInt8]] = [:]
  for entry in file.entries {
    guard let value = try? entry.bytes() else { continue }
    guard value.count == entry.byteCount else { fatalError("\(entry.name) has \(value.count) bytes") }
    if let type = entry.elementType?.widened, let size = type.byteCount(of: entry.shape), size < 1 << 24 {
      var wide = [UInt8](repeating: 0, count: size)
      wide.withUnsafeMutableBytes { _ = try? entry.readWidened(into: $0) }
    }
    guard let source = try? TensorFile.Source(entry) else { fatalError("\(entry.name) cannot be written") }
    sources.append(source)
    values[entry.name] = value
  }
  let path = folder + "/tensors.npz"
  guard sources.count < 100, (try? TensorFile.write(sources, to: path)) != nil else { return }
  guard let again = try? TensorFile(path: path) else { return }
  for entry in again.entries {
    guard (try? entry.bytes()) == values[entry.name] else { fatalError("\(entry.name) changed") }
  }
}

/// An archive of stored entries without checksums.
private func archive(_ entries: [(name: String, bytes: [UInt8])]) -> [UInt8] {
  func little(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }
  var file: [UInt8] = []
  var directory: [UInt8] = []
  for (name, bytes) in entries {
    let sum = name.hasSuffix("npy") ? bytes.reduce(into: CRC32()) { $0.add($1) }.value : 0
    let common: [UInt8] =
      [20, 0, 0, 8] + [UInt8](repeating: 0, count: 6) + little(sum) + little(UInt32(bytes.count))
      + little(UInt32(bytes.count)) + little(UInt16(name.utf8.count)) + [0, 0]
    directory += [0x50, 0x4b, 1, 2, 20, 0] + common + [UInt8](repeating: 0, count: 10)
    directory += little(UInt32(file.count)) + Array(name.utf8)
    file += [0x50, 0x4b, 3, 4] + common + Array(name.utf8) + bytes
  }
  let end = [0x50, 0x4b, 5, 6, 0, 0, 0, 0] + little(UInt16(entries.count)) + little(UInt16(entries.count))
  return file + directory + end + little(UInt32(directory.count)) + little(UInt32(file.count)) + [0, 0]
}

/// Records whose lengths are given by the bytes themselves.
private func framed(_ bytes: [UInt8]) -> [UInt8] {
  var file: [UInt8] = []
  var rest = bytes[...]
  while let length = rest.popFirst() {
    let payload = Array(rest.prefix(length == 255 ? rest.count : Int(length)))
    rest = rest.dropFirst(payload.count)
    payload.withUnsafeBytes { TFRecord.append($0, to: &file) }
  }
  return file
}

private func read(_ bytes: [UInt8]) {
  let path = folder + "/tfevents"
  guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else { abort() }
  do {
    let curves = try readEvents(path, length: bytes.count)
    let run = try readRun()
    // The fast decoder of scalars against the full one.
    for (tag, values) in curves where run.tags.contains(where: { $0.name == tag && $0.kind == .scalar }) {
      guard let series = run.scalars(tag) else { fatalError("\(tag) is no curve") }
      for (step, value) in values {
        let isThere = zip(series.steps, series.values).contains {
          $0 == step && $1.bitPattern == value.bitPattern
        }
        guard isThere else { fatalError("\(tag): step \(step) is missing") }
      }
    }
    try checkRepair(path)
  } catch let error as EventFileError {
    fatalError("\(error)")
  } catch {
    fatalError("\(error)")
  }
}

/// Reads all events, and returns the plain scalars of each tag.
private func readEvents(_ path: String, length: Int) throws -> [String: [(Int, Double)]] {
  let reader = try EventFileReader(path: path, maximumRecordLength: 1 << 20)
  var end = 0
  var curves: [String: [(Int, Double)]] = [:]
  func take(_ item: EventFileReader.Item) {
    switch item {
    case .damage(let damage):
      guard damage.offset < damage.end, damage.end <= length else { fatalError("\(damage)") }
      end = damage.end
    case .event(let event, let offset):
      guard offset >= end, reader.offset <= length else { fatalError("an event at \(offset)") }
      end = reader.offset
      guard case .summary(let values) = event.content else { return }
      for value in values {
        if case .scalar(let number) = value.content {
          curves[value.tag, default: []].append((event.step, Double(number)))
        }
      }
    }
  }
  while let item = try reader.next() { take(item) }
  let found = curves
  if let damage = try reader.salvageTail() {
    guard damage.end <= length else { fatalError("\(damage)") }
    while let item = try reader.next() { take(item) }
  }
  return found
}

/// Reads everything in a run.
private func readRun() throws -> Run {
  var run = try Run(directory: folder, purge: false)
  for tag in run.tags {
    switch tag.kind {
    case .text: _ = try run.texts(tag.name)
    case .image: for image in try run.images(tag.name) { _ = try? image.value.pixels() }
    case .histogram: _ = try run.histograms(tag.name)
    case .audio: _ = try run.sounds(tag.name)
    case .tensor, .precisionRecallCurve, .mesh: _ = try run.tensors(tag.name)
    case .graph: _ = try run.graph()
    case .scalar, .runMetadata, .hyperparameters, .customScalarLayout: break
    }
  }
  guard try !run.refresh() else { fatalError("a file that did not grow has news") }
  return run
}

/// A repaired file has only whole records, as many as were found whole.
private func checkRepair(_ path: String) throws {
  var records = 0
  do throws(EventFileError) {
    let report = try EventFileReport(checking: path)
    records = report.recordCount
    let repair = try EventFileRepair(path, to: folder + "/repaired")
    let again = try EventFileReport(checking: folder + "/repaired")
    guard again.findings.allSatisfy({ $0.rule == .order || $0.rule == .content }),
      again.unfinished == nil, again.recordCount == repair.keptRecords,
      again.length == repair.keptBytes, repair.keptRecords >= report.recordCount
    else { fatalError("\(report) \(repair) \(again)") }
  } catch {
    // Bytes without a whole record are not an event file, and must be reported as such.
    guard case .noEventFile = error, records == 0 else { throw error }
  }
}

private func withRightChecksums(_ bytes: [UInt8]) -> [UInt8] {
  var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  var rest = bytes[...]
  // Chunks of a one-byte name, a two-byte length, and data.
  let names = ["IHDR", "PLTE", "tRNS", "IDAT", "IEND", "tEXt"]
  while rest.count >= 3 {
    let name = Array(names[Int(rest.removeFirst()) % names.count].utf8)
    let length = Int(rest.removeFirst()) << 8 | Int(rest.removeFirst())
    let data = Array(rest.prefix(length))
    rest = rest.dropFirst(length)
    func word(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
    file += word(UInt32(data.count)) + name + data
    file += word((name + data).reduce(into: CRC32()) { $0.add($1) }.value)
  }
  return file
}

private struct CRC32 {
  private var state: UInt32 = 0xFFFF_FFFF
  var value: UInt32 { ~state }

  mutating func add(_ byte: UInt8) {
    state ^= UInt32(byte)
    for _ in 0..<8 { state = state & 1 == 1 ? state >> 1 ^ 0xEDB8_8320 : state >> 1 }
  }
}
