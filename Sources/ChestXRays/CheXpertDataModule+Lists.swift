internal import Levin

extension CheXpertDataModule {
  /// The dataset of a run.
  public enum Source: String, Sendable, Codable, CaseIterable {
    case chexpert
    case mimicCXR = "mimic_cxr"
  }

  /// The views that a run uses.
  public enum Views: String, Sendable, Codable, CaseIterable {
    case all, frontal, lateral
  }

  /// The images for training and for validation: the official parts, or a part of the patients of the official training
  /// images.
  func lists() throws -> (train: ChestXRayList, validation: ChestXRayList) {
    let (train, share) = (try images(.train), hyperparameters.validationFraction)
    guard share > 0 else { return (train, try images(.validation)) }
    let parts = train.split(fractions: [1 - share, share], generator: Generator(seed: 42))
    return (parts[0], parts[1])
  }

  /// The images of the test; without labels for CheXpert's test images those of its official validation set.
  func testList() throws -> ChestXRayList {
    do {
      return try images(.test)
    } catch ChestXRayError.missing where hyperparameters.dataset == .chexpert {
      return try images(.validation)
    }
  }

  private func images(_ part: ChestXRayPart) throws -> ChestXRayList {
    let list =
      switch hyperparameters.dataset {
      case .chexpert: try CheXpert.images(root: hyperparameters.dataPath, part: part)
      case .mimicCXR: try MIMICCXR.images(root: hyperparameters.dataPath, part: part)
      }
    return switch hyperparameters.views {
    case .all: list
    case .frontal: list.filtered(view: .frontal)
    case .lateral: list.filtered(view: .lateral)
    }
  }

  /// What becomes of the labels for training.
  var policy: LabelPolicy {
    var exceptions: [ChestFinding: LabelPolicy.Uncertain] = [:]
    for task in hyperparameters.uncertainOnes { exceptions[task] = .ones }
    for task in hyperparameters.uncertainZeros { exceptions[task] = .zeros }
    for task in hyperparameters.uncertainIgnored { exceptions[task] = .ignore }
    return LabelPolicy(
      uncertain: hyperparameters.uncertain, except: exceptions,
      unmentioned: hyperparameters.unmentioned)
  }

  /// Uncertain labels say nothing about a prediction, so runs with any policy are evaluated alike.
  var evaluationPolicy: LabelPolicy {
    LabelPolicy(uncertain: .ignore, unmentioned: hyperparameters.unmentioned)
  }

  func describe(_ stage: String, _ list: ChestXRayList) {
    for notice in list.notices { Terminal.print(notice) }
    Terminal.print("\(stage): \(list)")
  }
}
