// Malicious input for everything that reads event files and pictures: nothing may trap, hang or take
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
/// picture, or a picture whose checksums are corrected.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard count > 0 else { return 0 }
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let rest = Array(bytes.dropFirst())
  switch bytes[0] & 3 {
  case 0: read(rest)
  case 1: read(framed(rest))
  case 2: _ = try? PNG.decode(rest, maximumPixels: 1 << 20)
  default: _ = try? PNG.decode(withRightChecksums(rest), maximumPixels: 1 << 20)
  }
  return 0
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
