public import LevinTensor

/// Images `[n, c, h, w]` side by side, `[3 or c, rows, columns]`, pixel for pixel as `torchvision.utils.make_grid`.
public func makeGrid(
  _ images: Tensor, imagesPerRow: Int = 8, padding: Int = 2, normalize: Bool = false,
  valueRange: ClosedRange<Float>? = nil, scaleEach: Bool = false, padValue: Float = 0
) -> Tensor { fatalError("skeleton") }
