/// The side from which a chest is seen.
public enum ChestView: String, Sendable, Hashable, Codable, CaseIterable {
  /// From the front or from the back.
  case frontal
  /// From one side.
  case lateral
}

/// An image of a dataset of chest X-rays, as the dataset's tables describe it.
public struct ChestXRay: Sendable, Hashable {
  /// The file.
  public var path: String
  /// The patient's name in the dataset.
  public var patient: String
  /// The study, a visit of the patient; its images have the same labels.
  public var study: String
  /// The view; nil if the tables do not say.
  public var view: ChestView?
  /// How the rays went: `AP`, `PA`, `LL` and so on; nil if the tables do not say.
  public var projection: String?
  /// `Male`, `Female` or `Unknown`; nil if the tables do not say.
  public var sex: String?
  /// The age in years, 0 for unknown; nil if the tables do not say.
  public var age: Int?
  /// The label of each of ``ChestFinding``'s cases, in their order.
  public var labels: [ChestLabel]

  /// The label of a finding.
  public subscript(finding: ChestFinding) -> ChestLabel { labels[finding.index] }
}

/// The three parts of a dataset.
public enum ChestXRayPart: String, Sendable, Hashable, Codable, CaseIterable {
  case train, validation, test
}
