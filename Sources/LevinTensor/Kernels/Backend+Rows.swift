internal import CLevinKernels

// Fused kernels composed of others, so that a new backend is correct before it is fast.

extension Backend {
  /// Contiguous memory for intermediate results.
  func room(_ shape: Shape, _ dtype: DType = .float32) -> Operand {
    Operand(allocate(ShapeChecks.byteCount(of: shape, dtype)), shape: shape, dtype: dtype)
  }

  /// An operand whose elements all equal a number.
  func number(_ number: Number, _ shape: Shape, _ dtype: DType = .float32) -> Operand {
    Operand(
      .number(number), shape: shape, strides: [Int](repeating: 0, count: shape.rank), dtype: dtype)
  }

  /// An operand 0, 1, … in memory.
  func count(_ shape: Shape) -> Operand {
    let result = room(shape, .int64)
    if case .memory(let memory) = result.content {
      (0..<Int64(shape.elementCount)).map { $0 }.withUnsafeBytes { write($0, to: memory) }
    }
    return result
  }
  package func crossEntropy(
    _ logits: Operand, _ targets: Operand, ignoreIndex: Int64, loss: Operand, gradient: Operand?
  ) {
    let shape = logits.shape
    let column: Shape = [shape[0], 1]
    // log softmax = x - max - log Σ exp(x - max)
    let (logs, most, powers, sums) = (room(shape), room(column), room(shape), room(column))
    reduce(.maximum, logits, into: most)
    binary(.subtract, logits, most.expanded(to: shape), into: logs)
    unary(.exp, logs, into: powers)
    reduce(.sum, powers, into: sums)
    unary(.log, sums, into: sums)
    binary(.subtract, logs, sums.expanded(to: shape), into: logs)
    // Which class is the target, and which rows count.
    let places = count([shape[1]])
    let wanted = Operand(
      targets.content, offset: targets.offset, shape: column,
      strides: [targets.strides[0], 0], dtype: .int64)
    let (isTarget, counts, rows) = (room(shape, .bool), room(column, .bool), room([1, 1]))
    compare(
      .equal, wanted.expanded(to: shape), places.expanded(to: shape), in: .int64, into: isTarget)
    compare(.notEqual, wanted, number(.int(ignoreIndex), column, .int64), in: .int64, into: counts)
    let weights = room(column)
    copy(counts, into: weights)
    reduce(.sum, weights, into: rows)
    // The mean of -log softmax at the targets.
    let losses = room(shape)
    binary(.multiply, isTarget, counts.expanded(to: shape), into: losses)
    choose(losses, logs, number(.double(0), shape), into: losses)
    let sum = room([1, 1])
    reduce(.sum, losses, into: sum)
    unary(.negate, sum, into: sum)
    binary(.divide, sum, rows, into: sum)
    if case .memory(let memory) = sum.content {
      copy(Operand(memory, shape: [], dtype: .float32), into: loss)
    }
    guard let gradient else { return }
    // (softmax - one-hot) / number of rows that count
    unary(.exp, logs, into: powers)
    binary(.subtract, powers, isTarget, into: powers)
    binary(.divide, weights, rows.expanded(to: column), into: weights)
    binary(.multiply, powers, weights.expanded(to: shape), into: powers)
    choose(counts.expanded(to: shape), powers, number(.double(0), shape), into: gradient)
  }
}
