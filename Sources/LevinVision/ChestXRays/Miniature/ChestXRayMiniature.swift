internal import LevinData
internal import LevinFormats
internal import LevinSystem
internal import Synchronization

/// A small, drawn dataset with the folders, tables and files of CheXpert or MIMIC-CXR-JPG, for trying out a training without
/// the licensed images.
///
/// Every image is a chest with a bright shape for each finding that is present, in a place of its own. All that is written
/// depends only on the seed and the numbers.
public struct ChestXRayMiniature: Sendable {
  /// The dataset that is imitated.
  public enum Layout: String, Sendable, Hashable, Codable, CaseIterable {
    case cheXpert = "chexpert"
    case mimic
  }

  /// The number of patients; 2 of 15 of them validate.
  public let patientCount: Int
  /// The number of training images that are damaged or missing.
  public let damagedCount: Int
  /// The seed of labels and pictures.
  public let seed: UInt64

  /// Traps unless there are at least 2 patients, and fewer damaged images than training patients.
  public init(patientCount: Int = 1500, damagedCount: Int = 0, seed: UInt64 = 0) {
    self.patientCount = patientCount
    self.damagedCount = damagedCount
    self.seed = seed
    guard (2...60000).contains(patientCount), (0..<trainCount).contains(damagedCount) else {
      fail(
        "ChestXRayMiniature", "\(patientCount) patients and \(damagedCount) damaged images",
        expected: "2 to 60,000 patients, and fewer damaged images than patients for training")
    }
  }

  /// The number of patients whose images validate.
  public var validationCount: Int { max(patientCount * 2 / 15, 1) }
  /// The number of all other patients.
  var trainCount: Int { patientCount - validationCount }

  /// What was written.
  public struct Contents: Sendable {
    /// The dataset's folder.
    public let folder: String
    /// The number of image files.
    public let imageCount: Int
    /// The files that were damaged or left out on request.
    public let damaged: [String]
  }

  /// Writes the dataset into a new folder below `folder`.
  ///
  /// - Returns: What was written.
  /// - Throws: ``ChestXRayError`` if the folder exists, `FileError`, and an error of JPEG if TurboJPEG is not installed.
  @discardableResult
  public func write(to folder: String, layout: Layout = .cheXpert) throws -> Contents {
    let folder = FileSystem.joined(FileSystem.expandingHome(folder), name(of: layout))
    guard !FileSystem.exists(folder) else { throw ChestXRayError.exists(path: folder) }
    let studies = studies(layout)
    let files: MiniatureFiles =
      switch layout {
      case .cheXpert: .cheXpert(studies)
      case .mimic: .mimic(studies)
      }
    for part in Set((files.images.map(\.path) + files.tables.map(\.path)).map(FileSystem.folder)) {
      try FileBytes.makeFolder(FileSystem.joined(folder, part))
    }
    for table in files.tables {
      try write(table.content, to: FileSystem.joined(folder, table.path))
    }
    try draw(files.images, in: folder)
    return Contents(
      folder: folder, imageCount: files.images.count,
      damaged: try damage(files.images, in: folder))
  }

  private func name(of layout: Layout) -> String {
    switch layout {
    case .cheXpert: "CheXpert-v1.0-small"
    case .mimic: "mimic-cxr-jpg/2.0.0"
    }
  }

  /// The studies of all patients, those for training first; the first ones have what is rare in the original.
  private func studies(_ layout: Layout) -> [MiniatureStudy] {
    // MIMIC-CXR has a test part, and the same kind of labels everywhere.
    let testCount = layout == .mimic ? trainCount / 13 : 0
    var all: [MiniatureStudy] = []
    for patient in 0..<patientCount {
      var random = SampleGenerator(seed: seed, sample: patient)
      let part: ChestXRayPart =
        patient >= trainCount ? .validation : patient >= trainCount - testCount ? .test : .train
      all += MiniatureStudy.studies(
        ofPatient: patient, part: part, isComplete: layout == .cheXpert && part == .validation,
        using: &random)
    }
    MiniatureStudy.makeRareOnes(&all)
    MiniatureStudy.makeBothWays(&all, isComplete: layout == .cheXpert)
    return all
  }

  /// Draws and writes the pictures, on all threads.
  private func draw(_ images: [MiniatureFiles.Image], in folder: String) throws {
    let painter = ChestXRayPainter(Array(Set(images.map(\.format))))
    let failure = Mutex<(any Error)?>(nil)
    Kernels.parallelFor(images.count, grain: 1) { range in
      for index in range where failure.withLock({ $0 == nil }) {
        let image = images[index]
        var random = SampleGenerator(seed: ~seed, sample: index)
        let picture = painter.picture(image.format, shapes: image.shapes, using: &random)
        do {
          try write(
            JPEG.encode(picture, quality: 90), to: FileSystem.joined(folder, image.path))
        } catch {
          failure.withLock { $0 = error }
        }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
  }

  /// Damages some training images: cut in half, empty, a text, cut after the header, missing.
  private func damage(_ images: [MiniatureFiles.Image], in folder: String) throws -> [String] {
    let train = images.filter { $0.part == .train }
    return try (0..<damagedCount).map { number in
      let path = FileSystem.joined(folder, train[number * train.count / damagedCount].path)
      let file = try FileBytes.read(path)
      FileSystem.removeFile(path)
      let kept: [UInt8]? =
        switch number % 5 {
        case 0: Array(file.prefix(file.count / 2))
        case 1: []
        case 2: Array("not a picture\n".utf8)
        case 3: Array(file.prefix(20))
        default: nil
        }
      if let kept { try write(kept, to: path) }
      return path
    }
  }

  private func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    let file = try OpenFile(path, for: .creating)
    var failure: FileError?
    bytes.withUnsafeBytes { bytes in
      do throws(FileError) { try file.write(bytes) } catch { failure = error }
    }
    if let failure { throw failure }
  }
}

extension MiniatureStudy {
  /// Gives the first patients what is rare in the original: three studies out of order, a lateral view first, two frontal
  /// ones, unknown sex and age, a left lateral projection, no label at all, no finding beside support devices.
  fileprivate static func makeRareOnes(_ all: inout [MiniatureStudy]) {
    func change(_ patient: Int, _ body: (inout MiniatureStudy) -> Void) {
      guard let place = all.firstIndex(where: { $0.patient == patient && $0.part == .train })
      else { return }
      body(&all[place])
    }
    if let first = all.first, first.part == .train {
      all.removeAll { $0.patient == 0 }
      all.insert(
        contentsOf: [1, 3, 2].map { number in
          var study = first
          study.number = number
          return study
        }, at: 0)
    }
    change(1) { study in
      let (frontal, size) = (study.images[0], study.images[0])
      let lateral = Image(view: .lateral, width: size.width, height: size.height)
      study.images = [lateral, frontal]
    }
    change(2) { $0.images = [$0.images[0], $0.images[0]] }
    change(3) { ($0.sex, $0.age) = ("Unknown", 0) }
    change(4) { $0.images[0].projection = "LL" }
    change(5) { $0.clearAll() }
    change(6) { study in
      study.set(.noFinding, .present, isComplete: false)
      study.set(.supportDevices, .present, isComplete: false)
    }
  }

  /// Makes each finding present in one validation study and absent in another, if there are enough.
  fileprivate static func makeBothWays(_ all: inout [MiniatureStudy], isComplete: Bool) {
    let places = all.indices.filter { all[$0].part == .validation }
    let findings = ChestFinding.allCases
    guard places.count > findings.count else { return }
    for (place, finding) in zip(places, findings) {
      all[place].set(finding, .present, isComplete: isComplete)
    }
    for (place, finding) in zip(places.dropFirst(), findings) where finding != .noFinding {
      all[place].set(finding, .absent, isComplete: isComplete)
    }
  }
}
