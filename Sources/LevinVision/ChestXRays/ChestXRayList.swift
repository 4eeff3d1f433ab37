internal import LevinData
public import LevinTensor

/// Images of a dataset of chest X-rays, in the order of its tables.
///
/// ``CheXpert`` and ``MIMICCXR`` read one; ``ChestXRayDataset`` makes batches of one. No image is opened.
public struct ChestXRayList: Sendable {
  /// The images.
  public let images: [ChestXRay]
  /// What was left out when the tables were read, one sentence each.
  public let notices: [String]

  /// A list of these images.
  public init(_ images: [ChestXRay], notices: [String] = []) {
    self.images = images
    self.notices = notices
  }

  /// The number of images.
  public var count: Int { images.count }

  /// The images for which `isIncluded` is true.
  public func filtered(_ isIncluded: (ChestXRay) throws -> Bool) rethrows -> ChestXRayList {
    ChestXRayList(try images.filter(isIncluded), notices: notices)
  }

  /// The images of one view; those whose view is unknown are left out.
  public func filtered(view: ChestView) -> ChestXRayList { filtered { $0.view == view } }

  /// The number of each image's study: studies are numbered in the order of their first images.
  public var studies: [Int] { numbers { $0.study } }

  /// The number of each image's patient: patients are numbered in the order of their first images.
  public var patients: [Int] { numbers { $0.patient } }

  /// The number of images with a label.
  public func count(of finding: ChestFinding, _ label: ChestLabel) -> Int {
    images.count { $0[finding] == label }
  }

  /// Random parts with these shares of the patients; all images of a patient are in one part.
  ///
  /// Patients are split as ``groupedSplit(_:by:fractions:generator:)`` splits groups.
  ///
  /// - Parameter generator: Used to draw one permutation; the default generator if nil.
  public func split(
    fractions: [Double], generator: LevinTensor.Generator? = nil
  ) -> [ChestXRayList] {
    let rows = ArrayDataset(Array(images.indices)) { $0 }
    return groupedSplit(rows, by: patients, fractions: fractions, generator: generator).map {
      part in ChestXRayList(part.indices.map { images[$0] }, notices: notices)
    }
  }

  private func numbers(_ name: (ChestXRay) -> String) -> [Int] {
    var known: [String: Int] = [:]
    known.reserveCapacity(images.count)
    return images.map { image in
      let name = name(image)
      if let number = known[name] { return number }
      let number = known.count
      known[name] = number
      return number
    }
  }
}

extension ChestXRayList: CustomStringConvertible {
  /// The numbers of images, studies and patients.
  public var description: String {
    func distinct(_ numbers: [Int]) -> Int { (numbers.max() ?? -1) + 1 }
    return "\(count) images of \(distinct(studies)) studies of \(distinct(patients)) patients"
  }
}
