import Foundation
import Levin

/// A value of a golden JSON file.
struct JSON {
  let value: Any?
  init(_ value: Any?) { self.value = value is NSNull ? nil : value }

  init(file: String) throws {
    let bytes = Data(try goldenText("lightning/" + file).utf8)
    self.init(try JSONSerialization.jsonObject(with: bytes))
  }

  subscript(key: String) -> JSON { JSON((value as? [String: Any])?[key]) }
  subscript(index: Int) -> JSON {
    let list = list
    return list.indices.contains(index) ? list[index] : JSON(nil)
  }
  var exists: Bool { value != nil }
  var list: [JSON] { (value as? [Any])?.map { JSON($0) } ?? [] }
  var members: [(key: String, value: JSON)] {
    ((value as? [String: Any]) ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) }
  }
  var text: String? { value as? String }
  var bool: Bool? { isBool ? (value as? NSNumber)?.boolValue : nil }
  var int: Int? { isBool || isFraction ? nil : (value as? NSNumber)?.intValue }
  /// A number, also of those that JSON spells as text.
  var number: Double? {
    if let text { return ["nan": .nan, "inf": .infinity, "-inf": -.infinity][text] }
    return isBool ? nil : (value as? NSNumber)?.doubleValue
  }
  private var isBool: Bool {
    (value as? NSNumber).map { String(cString: $0.objCType) == "c" } ?? (value is Bool)
  }
  /// Whether a number was written with a point.
  var isFraction: Bool {
    (value as? NSNumber).map { ["d", "f"].contains(String(cString: $0.objCType)) } ?? false
  }
}

/// The rows of the golden data, in order.
struct RowSet: Dataset {
  let values: [Float]
  var count: Int { values.count / 32 }
  func batch(at indices: ArraySlice<Int>) -> Tensor {
    Tensor(
      indices.flatMap { values[$0 * 32..<($0 + 1) * 32] }, shape: [indices.count, 32])
  }
}

/// The data, by stage and place of the loader.
enum GoldenData {
  static func rows(_ stage: String, _ place: Int) throws -> [Float] {
    let text = try JSON(file: "data.json")[place == 0 ? stage : stage + "\(place)"].text ?? ""
    let bytes = Data(base64Encoded: text) ?? Data()
    return bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
  }

  /// The loader of a description; nil for null.
  static func loader(_ stage: String, _ description: JSON, place: Int = 0) throws
    -> BatchLoader<Tensor>?
  {
    let rows = try rows(stage, place)
    let samples = description["samples"].int ?? 64
    let size = description["batch_size"].int ?? 8
    let set = RowSet(values: Array(rows[..<(samples * 32)]))
    guard description["sized"].bool ?? true else {
      return SequenceLoader {
        stride(from: 0, to: samples, by: size).map { start in
          set.batch(at: Array(start..<min(start + size, samples))[...])
        }
      }
    }
    return DataLoader(
      set, batchSize: size, shuffle: description["shuffle"].bool ?? false,
      dropLast: description["drop_last"].bool ?? false)
  }
}
