import LevinTensor

// Views and rearranged elements.

extension DifferentiableOperation {
  static let views: [Row] = [
    Row("reshaped(to:)", [[2, 3]]) { $0[0].reshaped(to: [3, -1]).squared() },
    Row("flattened(from:through:)", [[2, 3]]) { $0[0].transposed().flattened().squared() },
    Row("unflattened(_:into:)", [[4]]) { $0[0].unflattened(0, into: [2, 2]).squared() },
    Row("transposed()", [[2, 3]]) { $0[0].transposed().squared() },
    Row("transposed(_:_:)", [[2, 3, 2]]) { $0[0].transposed(0, 2).squared() },
    Row("permuted(_:)", [[2, 3, 1]]) { $0[0].permuted(2, 0, 1).squared() },
    Row("movingDimensions(_:to:)", [[2, 3]]) { $0[0].movingDimensions([0], to: [1]).squared() },
    Row("expanded(to:)", [[2, 1]]) { $0[0].expanded(to: [2, 2, 3]).squared() },
    Row("squeezed(_:)", [[2, 1]]) { $0[0].squeezed().squared() },
    Row("unsqueezed(_:)", [[2]]) { $0[0].unsqueezed(0).squared() },
    Row("narrowed(_:start:length:)", [[4]]) {
      $0[0].narrowed(0, start: 1, length: 2).squared()
    },
    Row("selected(_:_:)", [[2, 3]]) { $0[0].selected(1, 2).squared() },
    Row("diagonal(offset:_:_:)", [[3, 3]]) { $0[0].diagonal(offset: 1).squared() },
    Row("flipped(_:)", [[2, 3]]) { $0[0].flipped(0, 1).squared() },
    Row(several: "split(_:dimension:)", [[2, 5]]) {
      let parts = $0[0].split(2, dimension: 1)
      return [parts[0].squared(), parts[2] * parts[0].narrowed(1, start: 0, length: 1)]
    },
    Row(several: "split(_:dimension:)", [[5]]) { $0[0].split([1, 4]).map { $0.squared() } },
    Row(several: "chunked(_:dimension:)", [[5]]) { $0[0].chunked(2).map { $0.squared() } },
    Row(several: "unbound(_:)", [[2, 3]]) { $0[0].unbound(1).map { $0.squared() } },
    Row(several: "broadcast(_:)", [[2, 1], [3]]) {
      Tensor.broadcast($0).map { $0.squared() }
    },
    Row("contiguous()", [[2, 3]]) { $0[0].transposed().contiguous().squared() },
    Row("cloned()", [[3]]) { $0[0].cloned().squared() },
    Row("at(_:)", [[3, 2]]) { $0[0].at([Tensor([2, 0, 2]), 1]).squared() },
    Row("at(_:)", [[2, 3, 2]]) {
      $0[0].transposed(0, 2)[1, .stride(by: 2)].flipped(-1).diagonal().squared()
    },
    Row("withRank(atLeast:)", [[3]]) { $0[0].withRank(atLeast: 2).squared() },
    Row(several: "tensorSplit(_:dimension:)", [[5]]) { $0[0].tensorSplit(2).map { $0.squared() } },
    Row(several: "tensorSplit(before:dimension:)", [[5]]) {
      $0[0].tensorSplit(before: [1, 3]).map { $0.squared() }
    },
    Row(several: "horizontallySplit(_:)", [[2, 4]]) {
      $0[0].horizontallySplit(2).map { $0.squared() }
    },
    Row(several: "horizontallySplit(before:)", [[2, 3]]) {
      $0[0].horizontallySplit(before: [1]).map { $0.squared() }
    },
    Row(several: "verticallySplit(_:)", [[4, 2]]) { $0[0].verticallySplit(2).map { $0.squared() } },
    Row(several: "verticallySplit(before:)", [[3, 2]]) {
      $0[0].verticallySplit(before: [1]).map { $0.squared() }
    },
    Row("sum(to:)", [[2, 3]]) { $0[0].squared().sum(to: [3]) },
  ]

  static let joining: [Row] = [
    Row("concatenated(_:dimension:)", [[2], [3]]) { Tensor.concatenated($0).squared() },
    Row("stacked(_:dimension:)", [[2], [2], [2]]) { Tensor.stacked($0, dimension: 1).squared() },
    Row("horizontallyStacked(_:)", [[2, 1], [2, 2]]) { Tensor.horizontallyStacked($0).squared() },
    Row("verticallyStacked(_:)", [[2], [2]]) { Tensor.verticallyStacked($0).squared() },
    Row("repeated(_:)", [[2]]) { $0[0].repeated(2, 2).squared() },
    Row("tiled(_:)", [[2, 2]]) { $0[0].tiled([2]).squared() },
    Row("repeatedInterleaving(_:dimension:)", [[3]]) {
      $0[0].repeatedInterleaving(2).squared()
    },
    Row("repeatedInterleaving(_:dimension:)", [[3]]) {
      $0[0].repeatedInterleaving(Tensor([2, 0, 1])).squared()
    },
    Row("rolled(_:dimensions:)", [[2, 3]]) { $0[0].rolled([1], dimensions: [1]).squared() },
    Row("lowerTriangle(diagonal:)", [[3, 3]]) { $0[0].lowerTriangle().squared() },
    Row("upperTriangle(diagonal:)", [[3, 3]]) { $0[0].upperTriangle(diagonal: 1).squared() },
    Row("diag(_:)", [[3]]) { $0[0].diag(1).squared() },
    Row("diag(_:)", [[3, 3]]) { $0[0].diag().squared() },
    Row(several: "meshGrid(_:indexing:)", [[2], [3]]) {
      Tensor.meshGrid($0, indexing: .xy).map { $0.squared() }
    },
    Row("unfolded(_:size:step:)", [[5]]) { $0[0].unfolded(0, size: 3, step: 1).squared() },
    Row("diagonalEmbedded(offset:_:_:)", [[2, 2]]) { $0[0].diagonalEmbedded().squared() },
    Row("rotated(_:_:_:)", [[2, 3]]) { $0[0].rotated().squared() },
    Row("flippedLeftRight()", [[2, 3]]) { $0[0].flippedLeftRight().squared() },
    Row("flippedUpDown()", [[2, 3]]) { $0[0].flippedUpDown().squared() },
    Row("columnStacked(_:)", [[2], [2, 2]]) { Tensor.columnStacked($0).squared() },
    Row("depthStacked(_:)", [[2], [2]]) { Tensor.depthStacked($0).squared() },
    Row("padded(_:mode:value:)", [[2, 3]]) { $0[0].padded([1, 0, 0, 2], value: 0.5).squared() },
    Row("padded(_:mode:value:)", [[2, 3]]) { $0[0].padded([2, 1], mode: .reflect).squared() },
    Row("padded(_:mode:value:)", [[2, 3]]) { $0[0].padded([-1, 2], mode: .replicate).squared() },
    Row("padded(_:mode:value:)", [[2, 3]]) { $0[0].padded([1, 2], mode: .circular).squared() },
    Row("unfolded(kernelSize:dilation:padding:stride:)", [[1, 1, 3, 3]]) {
      $0[0].unfolded(kernelSize: 2).squared()
    },
    Row("folded(outputSize:kernelSize:dilation:padding:stride:)", [[1, 4, 4]]) {
      $0[0].folded(outputSize: 3, kernelSize: 2).squared()
    },
    Row("pixelShuffled(_:)", [[4, 1, 2]]) { $0[0].pixelShuffled(2).squared() },
    Row("pixelUnshuffled(_:)", [[1, 2, 4]]) { $0[0].pixelUnshuffled(2).squared() },
    Row("channelShuffled(_:)", [[1, 4, 2]]) { $0[0].channelShuffled(2).squared() },
  ]
}
