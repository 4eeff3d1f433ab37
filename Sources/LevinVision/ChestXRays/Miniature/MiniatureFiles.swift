internal import LevinData
internal import LevinFormats

/// The files of a miniature, with paths relative to its folder.
struct MiniatureFiles: Sendable {
  /// A picture to draw.
  struct Image: Sendable {
    let path: String
    let part: ChestXRayPart
    let format: ChestXRayPainter.Format
    let shapes: [Float]
  }
  var images: [Image] = []
  var tables: [(path: String, content: [UInt8])] = []

  private static func cell(_ label: ChestLabel) -> String {
    switch label {
    case .present: "1.0"
    case .absent: "0.0"
    case .uncertain: "-1.0"
    case .unmentioned: ""
    }
  }

  private static func csv(_ rows: [[String]]) -> [UInt8] {
    Array(
      rows.map { row in
        row.map { $0.contains(",") ? "\"\($0)\"" : $0 }.joined(separator: ",") + "\n"
      }.joined().utf8)
  }

  private static func padded(_ number: Int, _ digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(digits - text.count, 0)) + text
  }

  // MARK: CheXpert

  /// The files of CheXpert's small version.
  static func cheXpert(_ studies: [MiniatureStudy]) -> MiniatureFiles {
    var files = MiniatureFiles()
    let header =
      ["Path", "Sex", "Age", "Frontal/Lateral", "AP/PA"] + ChestFinding.allCases.map(\.rawValue)
    // The first patient of the validation set has this number.
    let first = studies.first { $0.part == .validation }?.patient ?? 0
    for (part, name) in [(ChestXRayPart.train, "train"), (.validation, "valid")] {
      var rows = [header]
      for study in studies where study.part == part {
        let patient = part == .train ? study.patient + 1 : study.patient - first + 64541
        let folder = "\(name)/patient\(padded(patient, 5))/study\(study.number)"
        for (index, image) in study.images.enumerated() {
          let path = "\(folder)/view\(index + 1)_\(image.view.rawValue).jpg"
          rows.append(
            [
              "CheXpert-v1.0-small/" + path, study.sex, "\(study.age)",
              image.view == .frontal ? "Frontal" : "Lateral", image.projection ?? "",
            ] + study.labels.map(cell))
          files.images.append(
            Image(
              path: path, part: part,
              format: .init(width: image.width, height: image.height, view: image.view),
              shapes: study.shapes))
        }
      }
      files.tables.append(("\(name).csv", csv(rows)))
    }
    return files
  }

  // MARK: MIMIC-CXR

  /// The size of the pictures of a miniature of MIMIC-CXR-JPG; the original's have some 2500 × 3050 pixels.
  private static let size = (width: 512, height: 640)

  /// The files of MIMIC-CXR-JPG.
  static func mimic(_ studies: [MiniatureStudy]) -> MiniatureFiles {
    var files = MiniatureFiles()
    var metadata = [
      [
        "dicom_id", "subject_id", "study_id", "PerformedProcedureStepDescription", "ViewPosition",
        "Rows", "Columns", "StudyDate", "StudyTime", "ProcedureCodeSequence_CodeMeaning",
        "ViewCodeSequence_CodeMeaning", "PatientOrientationCodeSequence_CodeMeaning",
      ]
    ]
    var split = [["dicom_id", "study_id", "subject_id", "split"]]
    let findings = ChestFinding.allCases.sorted { $0.rawValue < $1.rawValue }
    var labels = [["subject_id", "study_id"] + findings.map(\.rawValue)]
    for (place, study) in studies.enumerated() {
      let subject = "\([10, 11, 19][study.patient % 3] * 1_000_000 + 32 + 7 * study.patient)"
      let name = "\(50_414_267 + 13 * place)"
      // The second study has no labels.
      if place != 1 {
        labels.append([subject, name] + findings.map { cell(study.labels[$0.index]) })
      }
      for (index, image) in study.images.enumerated() {
        var random = SampleGenerator(seed: 2, sample: 16 * place + index)
        let id = (0..<5).map { _ in hexadecimal(random.next()) }.joined(separator: "-")
        let projection =
          switch (image.view, place % 40) {
          case (.frontal, 38): "AP AXIAL"
          case (_, 39): ""
          case (.frontal, _): image.projection ?? "AP"
          case (.lateral, let number): number % 3 == 0 ? "LL" : "LATERAL"
          }
        metadata.append([
          id, subject, name, "CHEST (PA AND LAT)", projection, "\(size.height)", "\(size.width)",
          "21800506", "213014.531", place % 2 == 0 ? "CHEST, PA & LATERAL" : "", "", "Erect",
        ])
        let part = study.part == .validation ? "validate" : study.part.rawValue
        split.append([id, name, subject, part])
        files.images.append(
          Image(
            path: "files/p\(subject.prefix(2))/p\(subject)/s\(name)/\(id).jpg", part: study.part,
            format: .init(width: size.width, height: size.height, view: image.view),
            shapes: study.shapes))
      }
    }
    // As in the original, tables name things that are not there.
    labels.append(["10999999", "59999999"] + findings.map { _ in "" })
    metadata.append(
      ["00000000-00000000-00000000-00000000-00000000", "10999998", "59999998"]
        + ["", "PA", "", "", "", "", "", "", ""])
    for (name, rows) in [("metadata", metadata), ("split", split), ("chexpert", labels)] {
      files.tables.append(("mimic-cxr-2.0.0-\(name).csv.gz", compressed(rows)))
    }
    return files
  }

  /// A table in two members, as gzip files may be.
  private static func compressed(_ rows: [[String]]) -> [UInt8] {
    let bytes = csv(rows)
    let half = bytes.count / 2
    return Gzip.deflate(Array(bytes[..<half])) + Gzip.deflate(Array(bytes[half...]))
  }

  /// Eight digits.
  private static func hexadecimal(_ number: UInt64) -> String {
    let digits = String(number & 0xffff_ffff, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
