import LevinTensor

// Taking and putting elements.

extension DifferentiableOperation {
  static let indexing: [Row] = [
    Row("gathered(_:_:)", [[2, 3]]) {
      $0[0].gathered(1, Tensor([0, 2, 2, 1], shape: [2, 2])).squared()
    },
    Row("scattered(_:_:_:)", [[2, 3], [2, 2]]) {
      $0[0].scattered(1, Tensor([0, 2, 2, 1], shape: [2, 2]), $0[1]).squared()
    },
    Row("scatterAdded(_:_:_:)", [[2, 3], [2, 2]]) {
      $0[0].scatterAdded(1, Tensor([0, 2, 2, 2], shape: [2, 2]), $0[1]).squared()
    },
    Row("indexSelected(_:_:)", [[3, 2]]) { $0[0].indexSelected(0, Tensor([2, 0, 2])).squared() },
    Row("indexAdded(_:_:_:alpha:)", [[3, 2], [2, 2]]) {
      $0[0].indexAdded(0, Tensor([2, 2]), $0[1], alpha: 0.5).squared()
    },
    Row("maskedSelected(_:)", [[2, 3]]) { $0[0].maskedSelected($0[0] .> 1).squared() },
    Row("indexed(_:)", [[3, 2]]) { $0[0].indexed([nil, Tensor([1, 0, 1])]).squared() },
    Row("indexPut(_:_:accumulate:)", [[3, 2], [2]]) {
      $0[0].indexPut([Tensor([2, 2])], $0[1], accumulate: true).squared()
    },
    Row("indexPut(_:_:accumulate:)", [[3, 2], [2, 2]]) {
      $0[0].indexPut([Tensor([2, 0])], $0[1]).squared()
    },
    Row("sorted(dimension:descending:)", [[2, 3]]) {
      $0[0].sorted().values * Tensor([1.0, 10, 100])
    },
    Row("topK(_:dimension:largest:)", [[2, 3]]) {
      $0[0].topK(2).values * Tensor([1.0, 10])
    },
    Row("scatterReduced(_:_:_:_:includesSelf:)", [[3], [4]]) {
      $0[0].scatterReduced(0, Tensor([0, 2, 0, 0]), $0[1], .product)
    },
    Row("scatterReduced(_:_:_:_:includesSelf:)", [[3], [4]]) {
      $0[0].scatterReduced(0, Tensor([0, 2, 0, 0]), $0[1] * 1.1, .maximum).squared()
    },
    Row("scatterReduced(_:_:_:_:includesSelf:)", [[3], [4]]) {
      $0[0].scatterReduced(0, Tensor([0, 2, 0, 0]), $0[1], .mean).squared()
    },
    Row("indexCopied(_:_:_:)", [[3, 2], [2, 2]]) {
      $0[0].indexCopied(0, Tensor([2, 0]), $0[1]).squared()
    },
    Row("indexFilled(_:_:with:)", [[3, 2], []]) {
      $0[0].indexFilled(0, Tensor([2, 0]), with: $0[1]).squared()
    },
    Row("taken(_:dimension:)", [[3, 2]]) {
      $0[0].taken(Tensor([[1, 1, 0]]), dimension: 1).squared()
    },
    Row("selectScattered(_:dimension:index:)", [[3, 2], [3]]) {
      $0[0].selectScattered($0[1], dimension: 1, index: 0).squared()
    },
    Row("sliceScattered(_:dimension:from:to:by:)", [[3, 2], [1, 2]]) {
      $0[0].sliceScattered($0[1], from: 1, to: 2).squared()
    },
  ]
}
