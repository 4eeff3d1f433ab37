internal import LevinData
public import LevinFormats
internal import LevinSystem
public import LevinTensor

/// Reads a picture as a tensor `[channels, height, width]` of dtype uint8 (torchvision's `io.read_image`).
///
/// JPEG (with TurboJPEG, a system library), PNG, PGM and PPM. The bytes equal torchvision's and Pillow's; of a PNG file
/// with 16 bits the upper 8 are kept.
///
/// - Parameter appliesOrientation: Whether a photograph is turned as its EXIF data says.
/// - Throws: ``ImageFileError``, which names the file and the byte.
public func readImage(
  _ path: String, mode: ImageReadMode = .unchanged, appliesOrientation: Bool = false
) throws(ImageFileError) -> Tensor {
  try Picture(contentsOf: path, mode: mode, appliesOrientation: appliesOrientation).tensor
}

/// Writes a tensor `[channels, height, width]` of dtype uint8 as a picture (torchvision's `io.write_jpeg` and
/// `write_png`).
///
/// The extension of `path` decides the format: `.png`, `.jpg`, `.jpeg`, `.pgm` or `.ppm`.
///
/// - Parameter quality: Of JPEG files, 1 to 100.
public func writeImage(_ image: Tensor, to path: String, quality: Int = 75) throws {
  try Picture(image).write(to: path, quality: quality)
}

/// Writes images as one picture, several of them in a grid (torchvision's `utils.save_image`).
///
/// - Parameters:
///   - images: As in ``makeGrid(_:imagesPerRow:padding:normalize:valueRange:scaleEach:padValue:)``, floats of 0…1;
///     others are clamped. Bytes are written as they are.
///   - path: Its extension decides the format: `.png`, `.jpg`, `.jpeg`, `.pgm` or `.ppm`.
public func saveImage(
  _ images: Tensor, to path: String, imagesPerRow: Int = 8, padding: Int = 2,
  normalize: Bool = false, valueRange: ClosedRange<Float>? = nil, scaleEach: Bool = false,
  padValue: Float = 0
) throws {
  let grid = makeGrid(
    images, imagesPerRow: imagesPerRow, padding: padding, normalize: normalize,
    valueRange: valueRange, scaleEach: scaleEach, padValue: padValue)
  guard grid.dtype != .uint8 else { return try writeImage(grid, to: path) }
  let values = grid.to(.float32).scalars(as: Float.self).map { value in
    // As torch computes it: two roundings, then the whole part.
    value.isNaN ? 0 : UInt8(min(max(value * 255 + 0.5, 0), 255))
  }
  try writeImage(Tensor(values, shape: grid.shape), to: path)
}

extension Picture {
  /// Writes the picture to a file, whose extension decides the format: `.png`, `.jpg`, `.jpeg`, `.pgm` or `.ppm`.
  ///
  /// The file appears when it is complete.
  ///
  /// - Parameter quality: Of JPEG files, 1 to 100.
  public func write(to path: String, quality: Int = 75) throws {
    let file: [UInt8]
    switch path.split(separator: ".").last?.lowercased() {
    case "png":
      file = PNG.encode(width: width, height: height, channels: channels, pixels: bytes)
    case "jpg", "jpeg": file = try JPEG.encode(self, quality: quality)
    case "pgm", "ppm": file = PortableMap.encode(self)
    default: throw ImageFileError(path: path, problem: .unknownExtension)
    }
    try AtomicFile.write(file, to: path)
  }
}
