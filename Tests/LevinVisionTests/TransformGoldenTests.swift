import Foundation
import LevinData
import LevinFormats
import LevinTensor
import Testing

@testable import LevinVision

/// What torchvision's transforms draw and compute (scripts/golden/make_transforms.py).
@Suite(.serialized) struct TransformGoldenTests {
  struct Pixels: Decodable {
    var width, height: Int
    var channels: Int?
    var bytes: Data
  }
  struct Case: Decodable {
    var name, picture: String
    var results: [Pixels]
    var next: Float
  }
  struct Floats: Decodable {
    var name: String
    var shape: [Int]
    var values: [Float]
    var next: Float
  }
  struct Fake: Decodable {
    var label: Int64
    var bytes: [UInt8]
  }
  struct Content: Decodable {
    var pictures: [String: Pixels]
    var cases: [Case]
    var floats: [Floats]
    var dtypes: [String: [Float]]
    var drawings: [String: [UInt8]]
    var fake: [Fake]
    var places: [Place]
  }
  struct Place: Decodable {
    var name, picture: String
    var masks: [Pixels]
    var boxes: [[[Float]]]
  }

  static let content = Result {
    try Golden.load("images/transforms.json", as: Content.self)
  }

  static func picture(_ name: String) throws -> Picture {
    let pixels = try #require(try content.get().pictures[name])
    return Picture(
      width: pixels.width, height: pixels.height, channels: try #require(pixels.channels),
      bytes: Array(pixels.bytes))
  }

  static let transforms: [String: any ImageTransform] = [
    "resize side": Resize(11),
    "resize exact": Resize(.exactly(height: 9, width: 20)),
    "resize taller": Resize(.exactly(height: 45, width: 11)),
    "resize bicubic": Resize(.exactly(height: 30, width: 9), interpolation: .bicubic),
    "resize lanczos": Resize(.exactly(height: 10, width: 31), interpolation: .lanczos),
    "resize box": Resize(.exactly(height: 10, width: 7), interpolation: .box),
    "resize hamming": Resize(.exactly(height: 10, width: 7), interpolation: .hamming),
    "resize nearest": Resize(.exactly(height: 29, width: 10), interpolation: .nearest),
    "resize max": Resize(9, maximumSize: 12),
    "center crop": CenterCrop(10),
    "center crop larger": CenterCrop(.exactly(height: 30, width: 19)),
    "pad": Pad(3),
    "pad reflect": Pad(ImagePadding(left: 2, top: 1, right: 4, bottom: 3), mode: .reflect),
    "pad symmetric": Pad(ImagePadding(horizontal: 2, vertical: 5), mode: .symmetric),
    "pad edge": Pad(ImagePadding(horizontal: 2, vertical: 5), mode: .edge),
    "pad fill": Pad(ImagePadding(left: 2, top: 0, right: 1, bottom: 3), fill: [77]),
    "random crop": RandomCrop(9),
    "random crop padded": RandomCrop(12, padding: 4),
    "random crop if needed": RandomCrop(
      .exactly(height: 26, width: 18), padIfNeeded: true, paddingMode: .reflect),
    "random resized crop": RandomResizedCrop(12),
    "random resized crop bicubic": RandomResizedCrop(
      .exactly(height: 8, width: 14), scale: 0.3...0.6, ratio: 0.5...3, interpolation: .bicubic),
    "horizontal flip": RandomHorizontalFlip(),
    "vertical flip": RandomVerticalFlip(probability: 0.7),
    "rotation": RandomRotation(30),
    "rotation bilinear": RandomRotation(-200...90, interpolation: .bilinear, fill: [99]),
    "rotation bicubic": RandomRotation(45, interpolation: .bicubic),
    "rotation expanded": RandomRotation(70, expand: true),
    "rotation 90": RandomRotation(90...90),
    "rotation 90 expanded": RandomRotation(90...90, expand: true),
    "rotation 180": RandomRotation(180...180),
    "affine": RandomAffine(degrees: -15...15),
    "affine all": RandomAffine(
      degrees: -15...15, translate: (0.05, 0.1), scale: 0.9...1.1, shear: (-5...5, -3...3)),
    "affine bilinear": RandomAffine(
      degrees: 10...40, translate: (0.2, 0.1), scale: 0.5...1.5, shear: (-9...9, nil),
      interpolation: .bilinear, fill: [7]),
    "affine moved": RandomAffine(degrees: 0...0, translate: (0.3, 0.3)),
    "perspective": RandomPerspective(probability: 1),
    "perspective nearest": RandomPerspective(
      distortion: 0.3, probability: 0.5, interpolation: .nearest),
    "perspective bicubic": RandomPerspective(
      distortion: 0.2, probability: 1, interpolation: .bicubic, fill: [200]),
    "jitter": ColorJitter(brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1),
    "jitter brightness": ColorJitter(brightness: 0.2...2.5),
    "jitter contrast": ColorJitter(contrast: 0.9),
    "jitter saturation": ColorJitter(saturation: 0.9),
    "jitter hue": ColorJitter(hue: 0.5),
    "grayscale": Grayscale(),
    "grayscale 3": Grayscale(outputChannels: 3),
    "random grayscale": RandomGrayscale(probability: 0.5),
    "blur": GaussianBlur(5),
    "blur uneven": GaussianBlur(width: 3, height: 9, sigma: 1...3),
    "invert": RandomInvert(),
    "posterize": RandomPosterize(bits: 3, probability: 0.8),
    "solarize": RandomSolarize(threshold: 100, probability: 0.8),
    "sharpness": RandomAdjustSharpness(factor: 2, probability: 0.8),
    "softness": RandomAdjustSharpness(factor: 0.3, probability: 0.8),
    "autocontrast": RandomAutocontrast(probability: 0.8),
    "equalize": RandomEqualize(probability: 0.8),
    "apply": RandomApply(
      [RandomVerticalFlip(probability: 1), ColorJitter(brightness: 0.5)], probability: 0.6),
    "compose": Compose(
      RandomResizedCrop(10), RandomHorizontalFlip(), ColorJitter(brightness: 0.3, contrast: 0.3)),
    "choice": RandomChoice([
      RandomVerticalFlip(probability: 1), ColorJitter(brightness: 0.5), Pad(2),
    ]),
    "choice weighted": RandomChoice(
      [RandomHorizontalFlip(), CenterCrop(9), Pad(1)], probabilities: [0.2, 3, 1]),
    "order": RandomOrder([
      RandomVerticalFlip(), RandomCrop(11), ColorJitter(brightness: 0.5), Pad(2),
    ]),
    "auto imagenet": AutoAugment(.imageNet),
    "auto cifar10": AutoAugment(.cifar10),
    "auto svhn": AutoAugment(.svhn),
    "rand": RandAugment(),
    "rand strong": RandAugment(
      operationCount: 3, magnitude: 20, bins: 31, interpolation: .bilinear, fill: [50]),
    "trivial": TrivialAugmentWide(),
    "random grayscale default": RandomGrayscale(),
    "random grayscale always": RandomGrayscale(probability: 1),
    "blur fixed": GaussianBlur(3, sigma: 0.7...0.7),
    "invert seldom": RandomInvert(probability: 0.2),
    "invert always": RandomInvert(probability: 1),
    "posterize 1": RandomPosterize(bits: 1, probability: 1),
    "posterize 7": RandomPosterize(bits: 7),
    "solarize all": RandomSolarize(threshold: 0, probability: 1),
    "solarize 200": RandomSolarize(threshold: 200),
    "sharpness default": RandomAdjustSharpness(factor: 1.5),
    "autocontrast default": RandomAutocontrast(),
    "autocontrast always": RandomAutocontrast(probability: 1),
    "equalize default": RandomEqualize(),
    "equalize always": RandomEqualize(probability: 1),
    "apply default": RandomApply([CenterCrop(9)]),
    "apply always": RandomApply([Pad(1), RandomHorizontalFlip()], probability: 1),
    "rand weak": RandAugment(operationCount: 1, magnitude: 3),
    "trivial few bins": TrivialAugmentWide(bins: 7),
    "trivial bilinear": TrivialAugmentWide(bins: 31, interpolation: .bilinear, fill: [10]),
  ]

  /// Computed by torch in single precision, or rounded at the edge of two bytes.
  static let nearly: Set<String> = ["blur", "blur uneven", "blur fixed"]

  @Test func picturesAreThoseOfTorchvision() throws {
    let cases = try Self.content.get().cases
    #expect(cases.count > 170)
    #expect(Set(cases.map(\.name)) == Set(Self.transforms.keys))
    for golden in cases {
      let transform = try #require(Self.transforms[golden.name])
      let picture = try Self.picture(golden.picture)
      let generator = Generator(seed: 7)
      var random = SampleGenerator(drawingFrom: generator)
      for (run, expected) in golden.results.enumerated() {
        var sample = ImageSample(picture)
        transform.apply(to: &sample, using: &random)
        guard case .picture(let found) = sample.content else {
          Issue.record("\(golden.name) gave floats")
          continue
        }
        let name: Comment = "\(golden.name) of \(golden.picture), run \(run)"
        #expect(found.width == expected.width && found.height == expected.height, name)
        guard found.bytes.count == expected.bytes.count else {
          Issue.record("\(found.bytes.count) bytes, not \(expected.bytes.count): \(name)")
          continue
        }
        let differences = zip(found.bytes, expected.bytes).map { abs(Int($0) - Int($1)) }
        let most = differences.max() ?? 0
        let wrong = differences.filter { $0 > 0 }.count
        #expect(
          most <= (Self.nearly.contains(golden.name) ? 1 : 0), "\(wrong) bytes differ: \(name)")
        #expect(wrong * 100 <= differences.count, name)
      }
      #expect(
        random.unit() == golden.next, "the next number after \(golden.name) of \(golden.picture)")
    }
  }

  /// Masks change as PIL images do with the nearest pixel, and boxes as those of v2.
  @Test func masksAndBoxesMoveAsTorchvisions() throws {
    let places = try Self.content.get().places
    #expect(places.count == 54)
    for golden in places {
      let transform = try #require(Self.transforms[golden.name])
      let picture = try Self.picture(golden.picture)
      var gray = picture.converted(to: .gray)
      for i in gray.bytes.indices { gray.bytes[i] /= 40 }
      let boxes = [[2, 3, 9, 12], [0.5, 5, 6, 15.25], [10, 1, 13, 4]].map {
        BoundingBox(left: $0[0], top: $0[1], right: $0[2], bottom: $0[3])
      }
      var random = SampleGenerator(drawingFrom: Generator(seed: 7))
      for (run, expected) in golden.masks.enumerated() {
        var sample = ImageSample(picture, mask: gray, boxes: boxes)
        transform.apply(to: &sample, using: &random)
        let name: Comment = "\(golden.name) of \(golden.picture), run \(run)"
        let mask = try #require(sample.mask)
        #expect((mask.width, mask.height) == (expected.width, expected.height), name)
        #expect((mask.width, mask.height) == (sample.width, sample.height), name)
        #expect(mask.bytes == Array(expected.bytes), name)
        let found = sample.boxes.flatMap { [$0.left, $0.top, $0.right, $0.bottom] }
        let most = zip(found, golden.boxes[run].joined()).map { abs($0 - $1) }.max() ?? 1
        #expect(found.count == 12 && most < 1e-4, "\(found): \(name)")
      }
    }
  }

  @Test func policiesRefuseMasks() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let picture = Picture(width: 1, height: 1, channels: 1, bytes: [0])
      var sample = ImageSample(picture, mask: picture)
      var random = SampleGenerator(drawingFrom: Generator(seed: 7))
      TrivialAugmentWide().apply(to: &sample, using: &random)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(
      text.contains(
        "TrivialAugmentWide: found an image with a mask or boxes; expected an image alone"))
  }

  static let floatTransforms: [String: any ImageTransform] = [
    "resize": Resize(.exactly(height: 9, width: 20)),
    "resize larger": Resize(.exactly(height: 35, width: 33)),
    "resize bicubic": Resize(.exactly(height: 10, width: 11), interpolation: .bicubic),
    "resize plain": Resize(.exactly(height: 9, width: 20), antialias: false),
    "resize plain bicubic": Resize(
      .exactly(height: 9, width: 20), interpolation: .bicubic, antialias: false),
    "resize nearest": Resize(.exactly(height: 9, width: 20), interpolation: .nearest),
    "crop": RandomCrop(9, padding: 2),
    "flip": RandomHorizontalFlip(),
    "erasing": RandomErasing(probability: 0.9),
    "erasing random": RandomErasing(probability: 1, value: .random),
    "erasing value": RandomErasing(
      probability: 1, scale: 0.1...0.2, ratio: 0.5...2, value: .constant([0.1, 0.2, 0.3])),
    "jitter": ColorJitter(brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1),
    "blur": GaussianBlur(5),
    "normalize": Normalize(
      mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225]),
    "normalize half": Normalize(mean: [0.5, 0.5, 0.5], standardDeviation: [0.5, 0.5, 0.5]),
    "normalize wide": Normalize(mean: [0, -1, 2], standardDeviation: [3, 0.1, 10]),
    "gray": Grayscale(),
    "rotation": RandomRotation(30),
    "rotation bilinear": RandomRotation(20...70, interpolation: .bilinear, fill: [0.3]),
    "rotation expanded": RandomRotation(70, interpolation: .bilinear, expand: true),
    "rotation 90 expanded": RandomRotation(90...90, expand: true),
    "affine": RandomAffine(
      degrees: -15...15, translate: (0.05, 0.1), scale: 0.9...1.1, shear: (-5...5, -3...3)),
    "affine bilinear": RandomAffine(
      degrees: 10...40, translate: (0.2, 0.1), scale: 0.5...1.5, shear: (-9...9, nil),
      interpolation: .bilinear, fill: [0.1, 0.5, 0.9]),
    "perspective": RandomPerspective(probability: 1),
    "perspective nearest": RandomPerspective(
      distortion: 0.3, probability: 1, interpolation: .nearest),
    "invert": RandomInvert(probability: 1),
    "solarize": RandomSolarize(threshold: 0.4, probability: 1),
    "sharpness": RandomAdjustSharpness(factor: 2, probability: 1),
    "softness": RandomAdjustSharpness(factor: 0.3, probability: 1),
    "autocontrast": RandomAutocontrast(probability: 1),
    "to bytes": ConvertImageDtype(.uint8),
    "to bytes v2": ToDtype(.uint8, scale: true),
    "to floats": ConvertImageDtype(.float32),
  ]

  @Test func floatsAreThoseOfTorchvision() throws {
    let cases = try Self.content.get().floats
    #expect(Set(cases.map(\.name)) == Set(Self.floatTransforms.keys))
    for golden in cases {
      let transform = try #require(Self.floatTransforms[golden.name])
      let generator = Generator(seed: 11)
      var random = SampleGenerator(drawingFrom: generator)
      var sample = ImageSample(try Self.picture("rgb"))
      ToTensor().apply(to: &sample, using: &random)
      transform.apply(to: &sample, using: &random)
      #expect([sample.channels, sample.height, sample.width] == golden.shape, "\(golden.name)")
      guard sample.pixels.count == golden.values.count else { continue }
      let most = zip(sample.pixels, golden.values).map { abs($0 - $1) }.max() ?? 0
      #expect(most < 2e-5, "\(golden.name)")
      #expect(random.unit() == golden.next, "\(golden.name)")
    }
  }

  /// Bit for bit, alone and as the steps of a dataset, which makes a table of them.
  @Test func dtypesAreConvertedAsByTorchvision() throws {
    let golden = try Self.content.get().dtypes
    let ramp = ImageSample(Picture(width: 16, height: 16, channels: 1, bytes: Array(0...255)))
    let values = Tensor.linspace(0, 1, count: 999)
    func floats(_ factor: Float) -> ImageSample {
      ImageSample(
        channels: 1, height: 27, width: 37, pixels: (values * factor).scalars(as: Float.self))
    }
    let cases: [String: (ImageSample, any ImageTransform)] = [
      "convert": (ramp, ConvertImageDtype(.float32)),
      "scaled": (ramp, ToDtype(.float32, scale: true)), "unscaled": (ramp, ToDtype(.float32)),
      "bytes": (floats(1), ConvertImageDtype(.uint8)),
      "bytes scaled": (floats(1), ToDtype(.uint8, scale: true)),
      "bytes unscaled": (floats(255), ToDtype(.uint8)),
    ]
    #expect(Set(golden.keys) == Set(cases.keys))
    for (name, (image, transform)) in cases {
      let (sample, random) = (image, SampleGenerator(seed: 0, sample: 0))
      func expect(_ steps: any ImageTransform..., gives expected: [Float]?, _ line: Int = #line) {
        var (sample, random) = (sample, random)
        Compose(steps).apply(to: &sample, using: &random)
        #expect(sample.pixels == expected, "\(name), line \(line)")
        // The same as the steps of a dataset.
        let batch = try? ImagePipeline(Compose(steps)).batch(BatchRequest([0])) { _ in image }
        #expect(batch?.scalars(as: Float.self) == expected, "\(name), line \(line)")
      }
      expect(transform, gives: golden[name])
      // What has the dtype already stays.
      expect(transform, transform, gives: golden[name])
      guard case .picture = image.content else { continue }
      expect(ToTensor(), transform, gives: golden["convert"])
      let normalize = Normalize(mean: [0.5], standardDeviation: [0.25])
      expect(transform, normalize, gives: golden[name]?.map { ($0 - 0.5) / 0.25 })
    }
  }

  @Test func randomImagesAreTorchvisions() throws {
    let golden = try Self.content.get().fake
    let data = FakeData(
      count: 5, height: 4, width: 5, classCount: 7, transform: Compose(), seed: 3)
    let batch = try data.batch(at: ArraySlice(0..<5))
    #expect(batch.labels.scalars(as: Int64.self) == golden.map(\.label))
    for (index, image) in golden.enumerated() {
      let planes = (0..<3).flatMap { c in (0..<20).map { Float(image.bytes[3 * $0 + c]) } }
      let found = batch.images[index].scalars(as: Float.self)
      // Normal numbers agree within 1e-6 with torch's, so a byte at the edge may differ by one.
      #expect(zip(found, planes).allSatisfy { abs($0 - $1) <= 1 || abs($0 - $1) >= 255 })
    }
  }

  @Test func boxesAndMasksAreDrawnAsByTorchvision() throws {
    let golden = try Self.content.get().drawings
    let image = try Self.picture("rgb").tensor
    let boxes = Tensor(
      [1, 2, 9, 12, -3, 5, 6, 30, 10, 1, 14, 4] as [Int64], shape: [3, 4])
    let (height, width) = (image.shape[1], image.shape[2])
    let places = (0..<height).flatMap { y in (0..<width).map { (x: $0, y: y) } }
    let masks = Tensor(
      places.map { ($0.x + $0.y) % 7 < 3 }
        + places.map { ($0.x - 6) * ($0.x - 6) + ($0.y - 8) * ($0.y - 8) < 30 },
      shape: [2, height, width])
    let colors = [RGB(255, 0, 10), RGB(0, 200, 0), RGB(30, 40, 250)]
    let found = [
      "boxes": drawBoundingBoxes(image, boxes),
      "boxes_wide": drawBoundingBoxes(image, boxes, colors: colors, fill: true, width: 2),
      "masks": drawSegmentationMasks(image, masks),
      "masks_colored": drawSegmentationMasks(image, masks, alpha: 0.35, colors: colors),
    ]
    #expect(golden.count == 4)
    for (name, drawing) in found {
      #expect(drawing.shape == image.shape)
      #expect(drawing.scalars(as: UInt8.self) == golden[name], "\(name)")
    }
  }

  /// Pillow 13 resizes columns first where that saves more.
  @Test func goldenRowsOfTheSpecification() throws {
    let bytes = (0..<48).map { (place: Int) -> UInt8 in
      let (x, y) = (place % 8, place / 8)
      let value: Int = 37 * y + 101 * x + 7 * x * y
      return UInt8(value % 256)
    }
    let picture = Picture(width: 8, height: 6, channels: 1, bytes: bytes)
    #expect(
      picture.resized(width: 4, height: 3, .bilinear).bytes
        == [97, 145, 147, 133, 132, 133, 126, 142, 122, 121, 127, 125])
    #expect(
      picture.resized(width: 3, height: 4, .bicubic).bytes
        == [104, 153, 142, 131, 126, 144, 134, 124, 126, 118, 125, 132])
    #expect(
      picture.rotated(30, .bilinear).bytes.prefix(8) == [0, 0, 92, 178, 141, 172, 87, 0])
  }

  /// The kernels take 16 rows and 16 bytes at a time; here each pixel is one sum.
  @Test func resizesAreSumsOfPixels() {
    var random = SampleGenerator(seed: 5, sample: 0)
    for _ in 0..<60 {
      func size() -> Int { random.integer(in: 1..<50) }
      let (width, height, outputs, channels) = (
        size(), size(), size(), random.integer(in: 1..<5)
      )
      let bytes = (0..<width * height * channels).map { _ in
        UInt8(truncatingIfNeeded: random.next())
      }
      let picture = Picture(width: width, height: height, channels: channels, bytes: bytes)
      let filter: Interpolation = random.unit() < 0.5 ? .bilinear : .lanczos
      func expected(_ pass: Resampling, _ i: Int, _ pixel: (Int) -> UInt8) -> UInt8 {
        var sum = 0.5
        for j in 0..<Int(pass.count[i]) {
          // Weights have 22 bits after the point.
          let weight = (pass.weights[i * pass.taps + j] * 0x1p22).rounded()
          sum += Double(pixel(Int(pass.first[i]) + j)) * weight * 0x1p-22
        }
        return UInt8(min(max(sum.rounded(.down), 0), 255))
      }
      let rows = Resampling(filter, from: width, to: outputs)
      let narrow = (0..<height * outputs * channels).map { place in
        let (y, x, c) = (place / channels / outputs, place / channels % outputs, place % channels)
        return expected(rows, x) { bytes[(y * width + $0) * channels + c] }
      }
      #expect(Kernels.resizeRows(picture, rows).bytes == narrow)
      let columns = Resampling(filter, from: height, to: outputs)
      let line = width * channels
      let short = (0..<outputs * line).map { place in
        expected(columns, place / line) { bytes[$0 * line + place % line] }
      }
      #expect(Kernels.resizeColumns(picture, columns).bytes == short)
    }
  }

  @Test func batchesAreMixedAsTorchvisionMixesThem() {
    let images = Tensor((0..<2 * 32 * 48).map { Float($0) }, shape: [2, 1, 32, 48])
    let labels = Tensor([0, 2] as [Int64])
    let (mixed, targets) = MixUp(classCount: 3)(images, labels, generator: Generator(seed: 0))
    // The proportion of seed 0.
    let part: Float = 0.8637616038322449
    #expect(targets.scalars(as: Float.self) == [part, 0, 1 - part, 1 - part, 0, part])
    let first = mixed.scalars(as: Float.self)[5]
    #expect(abs(first - (5 * part + (5 + 32 * 48) * (1 - part))) < 1e-2)
    let (cut, shares) = CutMix(classCount: 3)(images, labels, generator: Generator(seed: 0))
    let values = cut[0, 0].scalars(as: Float.self)
    for y in 0..<32 {
      for x in 0..<48 {
        let isCut = (17..<33).contains(x) && (14..<24).contains(y)
        #expect(values[y * 48 + x] == Float(y * 48 + x + (isCut ? 32 * 48 : 0)))
      }
    }
    #expect(abs(shares[0, 0].scalars(as: Float.self)[0] - 0.8958333) < 1e-6)
  }
}
