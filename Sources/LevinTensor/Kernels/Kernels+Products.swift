internal import CLevinKernels
internal import CLevinRuntime

extension Kernels {
  /// `result [m, n] = a [m, k] · b [k, n]` of one dtype, which is also computed in, with any strides; `result` is
  /// contiguous.
  ///
  /// If `activation`, a ReLU's output `[m, n]`, is given, the result is 0 where that is 0.
  static func product(_ a: Tensor, _ b: Tensor, activation: Tensor? = nil, into result: Tensor) {
    guard a.isOnHost, b.isOnHost, result.isOnHost else {
      let backend = backend(a, b, activation ?? result, result)
      let epilogue = activation.map { ProductEpilogue.maskedByReLU($0.operand) } ?? .none
      return backend.product(a.operand, b.operand, epilogue, into: result.operand)
    }
    CPU.product(a, b, activation: activation, into: result)
  }

  /// Calls `body` for 0..<count, on all threads if it is worthwhile: `work` is the number of multiply-adds of one
  /// call.
  ///
  /// Products of a matrix that is itself split over the threads are called one by one.
  static func forEach(_ count: Int, of work: Int, _ body: (Int) -> Void) {
    guard count >= 8, work < 1 << 24, count * work >= 1 << 16 else {
      for i in 0..<count { body(i) }
      return
    }
    withoutActuallyEscaping(body) { body in
      var body = body
      withUnsafeMutablePointer(to: &body) { context in
        levin_parallel_for(count, 1, context) { context, begin, end in
          guard let context else { return }
          let body = context.assumingMemoryBound(to: ((Int) -> Void).self).pointee
          for i in begin..<end { body(i) }
        }
      }
    }
  }

  /// `result [m, n] = a [m, k] · b [n, k]ᵀ (+ bias [n])`, then optionally ReLU; all contiguous float32.
  static func linear(_ a: Tensor, _ b: Tensor, bias: Tensor?, relu: Bool, into result: Tensor) {
    guard a.isOnHost, b.isOnHost, result.isOnHost else {
      return backend(a, b, bias ?? result, result).product(
        a.operand, b.viewed(b.layout.permuted([1, 0])).operand,
        .bias(bias?.operand, relu: relu), into: result.operand)
    }
    CPU.linear(a, b, bias: bias, relu: relu, into: result)
  }

  /// `result [m, n] = a [k, m]ᵀ · b [k, n]`; `sums` [m] receives a's column sums; all contiguous float32.
  static func outerProduct(_ a: Tensor, _ b: Tensor, sums: Tensor?, into result: Tensor) {
    guard a.isOnHost, b.isOnHost, result.isOnHost else {
      let backend = backend(a, b, sums ?? result, result)
      backend.product(
        a.viewed(a.layout.permuted([1, 0])).operand, b.operand, .none, into: result.operand)
      if let sums {
        backend.reduce(.sum, a.operand, into: sums.viewed(sums.layout.inserting(0)).operand)
      }
      return
    }
    CPU.outerProduct(a, b, sums: sums, into: result)
  }

  /// The mean loss of contiguous logits `[batch, classes]` into a scalar, and its gradient into `gradient` if given.
  static func crossEntropy(
    _ logits: Tensor, _ targets: Tensor, ignoreIndex: Int64, gradient: Tensor?, into loss: Tensor
  ) {
    guard logits.isOnHost, targets.isOnHost, loss.isOnHost else {
      return backend(logits, targets, gradient ?? loss, loss).crossEntropy(
        logits.operand, targets.operand, ignoreIndex: ignoreIndex, loss: loss.operand,
        gradient: gradient?.operand)
    }
    CPU.crossEntropy(logits, targets, ignoreIndex: ignoreIndex, gradient: gradient, into: loss)
  }

  /// The softmax along an axis, or its logarithm; contiguous float32 in the host's memory.
  static func softmax(_ x: Tensor, axis: Int, logarithm: Bool, into result: Tensor) {
    CPU.softmax(x, axis: axis, logarithm: logarithm, into: result)
  }

  /// The gradient of the input from that of the output `y`.
  static func softmaxGradient(
    _ gradient: Tensor, _ y: Tensor, axis: Int, logarithm: Bool, into result: Tensor
  ) {
    CPU.softmaxGradient(gradient, y, axis: axis, logarithm: logarithm, into: result)
  }

  /// One step of an optimizer; values and state take memory of their own first.
  ///
  /// All operands are float32, the gradient contiguous. They are not copied on the way, which would take longer than
  /// the step if there are few elements.
  static func update(
    _ rule: UpdateRule, _ values: inout Tensor, _ gradient: Tensor, state: inout [Tensor]
  ) {
    values.takeMemory()
    var areOnHost = values.isOnHost && gradient.isOnHost
    for index in state.indices {
      state[index].takeMemory()
      areOnHost = areOnHost && state[index].isOnHost
    }
    guard areOnHost else {
      return backend([values, gradient] + state).update(
        rule, values.operand, gradient.operand, state: state.map(\.operand))
    }
    CPU.update(rule, &values, gradient, state: &state)
  }
}
