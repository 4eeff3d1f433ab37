internal import LevinData

/// A study of a miniature: what is labelled, and what is drawn.
struct MiniatureStudy: Sendable {
  /// An image of the study.
  struct Image: Sendable {
    var view: ChestView
    /// As CheXpert and MIMIC-CXR call it; nil for a blank.
    var projection: String?
    var width, height: Int
  }

  /// The number of the patient, from 0.
  var patient: Int
  /// The number of the study among those of the patient, from 1.
  var number: Int
  var part: ChestXRayPart
  var sex: String
  var age: Int
  var labels: [ChestLabel]
  /// The brightness of the shape of each finding; 0 for none.
  var shapes: [Float]
  var images: [Image]
}

extension MiniatureStudy {
  private static let brightness: Float = 70
  private static let sizes = [(390, 320), (320, 390), (320, 320), (389, 321)]
  /// How often the five tasks of the competition are present; other findings are rarer.
  private static let frequency: (task: Float, other: Float) = (0.38, 0.2)

  /// The studies of a patient.
  ///
  /// - Parameter isComplete: Whether every label is 0 or 1, as in CheXpert's validation set.
  static func studies(
    ofPatient patient: Int, part: ChestXRayPart, isComplete: Bool,
    using random: inout SampleGenerator
  ) -> [MiniatureStudy] {
    let sex = ["Male", "Female"][random.integer(in: 0..<2)]
    let age = random.integer(in: 18..<91)
    let draw = random.unit()
    let count = isComplete || draw < 0.82 ? 1 : draw < 0.96 ? 2 : 3
    return (1...count).map { number in
      var study = MiniatureStudy(
        patient: patient, number: number, part: part, sex: sex, age: age, labels: [], shapes: [],
        images: images(using: &random))
      study.drawFindings(isComplete: isComplete, using: &random)
      return study
    }
  }

  private static func images(using random: inout SampleGenerator) -> [Image] {
    let draw = random.unit()
    let views: [ChestView] =
      draw < 0.8 ? [.frontal] : draw < 0.97 ? [.frontal, .lateral] : [.frontal, .frontal]
    return views.map { view in
      let (width, height) = sizes[random.integer(in: 0..<sizes.count)]
      let projection = ["AP", "PA"][random.integer(in: 0..<2)]
      return Image(
        view: view, projection: view == .frontal ? projection : nil, width: width, height: height)
    }
  }

  private mutating func drawFindings(isComplete: Bool, using random: inout SampleGenerator) {
    let isNormal = random.unit() < 0.2
    labels = []
    shapes = []
    for finding in ChestFinding.allCases {
      let frequency =
        ChestFinding.competition.contains(finding) ? Self.frequency.task : Self.frequency.other
      let isPresent =
        finding != .noFinding && random.unit() < frequency
        && !(isNormal && finding != .supportDevices)
      let draw = random.unit()
      if finding == .noFinding {
        labels.append(.unmentioned)
        shapes.append(0)
      } else if isComplete || draw < 0.45 {
        labels.append(isPresent ? .present : .absent)
        shapes.append(isPresent ? Self.brightness : 0)
      } else if draw < 0.55 {
        labels.append(.uncertain)
        shapes.append(isPresent ? Self.brightness / 2 : 0)
      } else {
        labels.append(isPresent ? .present : .unmentioned)
        shapes.append(isPresent ? Self.brightness : 0)
      }
    }
    label(isComplete: isComplete)
  }

  /// Makes a finding present or absent, and No Finding agree with it.
  mutating func set(_ finding: ChestFinding, _ label: ChestLabel, isComplete: Bool) {
    if finding == .noFinding, label == .present {
      for other in ChestFinding.allCases where other != .supportDevices { clear(other, isComplete) }
    } else {
      labels[finding.index] = label
      shapes[finding.index] = label == .present ? Self.brightness : 0
    }
    self.label(isComplete: isComplete)
  }

  /// Makes all findings blank.
  mutating func clearAll() {
    for finding in ChestFinding.allCases { clear(finding, false) }
  }

  private mutating func clear(_ finding: ChestFinding, _ isComplete: Bool) {
    labels[finding.index] = isComplete ? .absent : .unmentioned
    shapes[finding.index] = 0
  }

  /// Sets No Finding: 1 if nothing but support devices is present or uncertain; otherwise 0, or a blank.
  private mutating func label(isComplete: Bool) {
    let isNormal = ChestFinding.allCases.allSatisfy { finding in
      let label = labels[finding.index]
      return finding == .noFinding || finding == .supportDevices
        || label == .absent || label == .unmentioned
    }
    labels[ChestFinding.noFinding.index] = isNormal ? .present : isComplete ? .absent : .unmentioned
  }
}
