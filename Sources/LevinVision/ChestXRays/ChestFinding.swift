/// What a label of a chest X-ray is about: the 14 observations of CheXpert and MIMIC-CXR, in the order of CheXpert's
/// table (Irvin and others 2019, arXiv:1901.07031).
public enum ChestFinding: String, Sendable, Hashable, Codable, CaseIterable {
  case noFinding = "No Finding"
  case enlargedCardiomediastinum = "Enlarged Cardiomediastinum"
  case cardiomegaly = "Cardiomegaly"
  case lungOpacity = "Lung Opacity"
  case lungLesion = "Lung Lesion"
  case edema = "Edema"
  case consolidation = "Consolidation"
  case pneumonia = "Pneumonia"
  case atelectasis = "Atelectasis"
  case pneumothorax = "Pneumothorax"
  case pleuralEffusion = "Pleural Effusion"
  case pleuralOther = "Pleural Other"
  case fracture = "Fracture"
  case supportDevices = "Support Devices"

  /// The five tasks of CheXpert's competition, in its order.
  public static let competition: [ChestFinding] = [
    .atelectasis, .cardiomegaly, .consolidation, .edema, .pleuralEffusion,
  ]

  /// The place of the finding in `allCases`.
  var index: Int { Self.places[self] ?? 0 }
  private static let places = Dictionary(
    uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })
}

/// What a table says about a finding in a study.
public enum ChestLabel: Int8, Sendable, Hashable, CaseIterable {
  /// 1: mentioned as present.
  case present = 1
  /// 0: mentioned as absent.
  case absent = 0
  /// −1: mentioned as uncertain, or ambiguous.
  case uncertain = -1
  /// A blank: not mentioned.
  case unmentioned = 2

  /// The label of a cell such as `1.0`, `-1` or `nan`; nil if it is none.
  init?(_ cell: String?) {
    switch cell {
    case nil: self = .unmentioned
    case "1.0", "1": self = .present
    case "0.0", "0": self = .absent
    case "-1.0", "-1": self = .uncertain
    case let text?:
      guard let number = Double(text) else { return nil }
      if number.isNaN {
        self = .unmentioned
      } else if let label = Int8(exactly: number).flatMap(ChestLabel.init(rawValue:)),
        label != .unmentioned
      {
        self = label
      } else {
        return nil
      }
    }
  }
}
