import CLevinKernels
import CLevinRuntime
import Testing

extension KernelTests {
  @Suite struct Convolutions {
    /// One convolution, with naive sums of what its kernels compute.
    struct Example {
      let c: LevinConvolution
      let x: [Float], weight: [Float], dy: [Float], bias: [Float]

      init(_ draws: inout Draws) {
        var c = LevinConvolution()
        var groups = draws.int(in: 1...3)
        var (inputs, outputs) = (draws.int(in: 1...5), draws.int(in: 1...9))
        if draws.int(in: 0...3) == 0 { (groups, inputs, outputs) = (1, 14, 15) }
        (c.batch, c.groups, c.inputs, c.outputs) = (draws.int(in: 1...2), groups, inputs, outputs)
        func three(_ range: ClosedRange<Int>, _ draws: inout Draws) -> (Int, Int, Int) {
          (draws.int(in: range), draws.int(in: range), draws.int(in: range))
        }
        c.kernel = three(1...3, &draws)
        c.stride = three(1...3, &draws)
        c.dilation = three(1...2, &draws)
        c.padding = three(0...2, &draws)
        c.output = three(1...5, &draws)
        switch draws.int(in: 0...3) {
        case 0: c.output.2 = draws.int(in: 20...70)
        // Vectors of images instead of points.
        case 1: (c.batch, c.output.0, c.kernel.0) = (draws.int(in: 8...70), 1, 1)
        default: break
        }
        // Sizes from which those outputs come, some of them with elements that no window reaches.
        func size(_ output: Int, _ k: Int, _ s: Int, _ d: Int, _ p: Int, _ draws: inout Draws)
          -> Int
        {
          max(1, (output - 1) * s + d * (k - 1) + 1 - 2 * p + draws.int(in: 0...(s - 1)))
        }
        c.input = (
          size(c.output.0, c.kernel.0, c.stride.0, c.dilation.0, c.padding.0, &draws),
          size(c.output.1, c.kernel.1, c.stride.1, c.dilation.1, c.padding.1, &draws),
          size(c.output.2, c.kernel.2, c.stride.2, c.dilation.2, c.padding.2, &draws)
        )
        self.init(c, &draws)
      }

      init(_ c: LevinConvolution, _ draws: inout Draws) {
        self.c = c
        func volume(_ s: (Int, Int, Int)) -> Int { s.0 * s.1 * s.2 }
        let outputs = c.groups * c.outputs
        x = draws.floats(c.batch * c.groups * c.inputs * volume(c.input))
        weight = draws.floats(outputs * c.inputs * volume(c.kernel))
        dy = draws.floats(c.batch * outputs * volume(c.output))
        bias = draws.floats(outputs)
      }

      private func images<Value: BitwiseCopyable>(
        _ data: UnsafeBufferPointer<Value>, _ channels: Int, _ size: (Int, Int, Int)
      ) -> LevinImages {
        let plane = size.0 * size.1 * size.2
        // Examples have at least one element.
        return LevinImages(
          data: data.baseAddress!, batch: channels * plane, channel: plane,
          place: (size.1 * size.2, size.2, 1))
      }

      /// The results of the kernels: y, dx, dw.
      func run() -> [[UInt32]] {
        results(.float32, x, weight, dy, bias, nothing: .nan).map { $0.map(\.bitPattern) }
      }

      /// The same in float64.
      func runWide() -> [[UInt64]] {
        results(
          .float64, x.map(Double.init), weight.map(Double.init), dy.map(Double.init),
          bias.map(Double.init), nothing: .nan
        ).map { $0.map(\.bitPattern) }
      }

      private func results<Value: BitwiseCopyable>(
        _ compute: LevinCompute, _ x: [Value], _ weight: [Value], _ dy: [Value], _ bias: [Value],
        nothing: Value
      ) -> [[Value]] {
        var c = c
        var y = [Value](repeating: nothing, count: dy.count)
        var dx = [Value](repeating: nothing, count: x.count)
        var dw = [Value](repeating: nothing, count: weight.count)
        x.withUnsafeBufferPointer { x in
          dy.withUnsafeBufferPointer { dy in
            let inputs = images(x, c.groups * c.inputs, c.input)
            let gradients = images(dy, c.groups * c.outputs, c.output)
            #expect(levin_convolve(compute, &c, inputs, weight, bias, &y))
            #expect(levin_convolve_input_gradient(compute, &c, gradients, weight, nil, &dx))
            #expect(levin_convolve_weight_gradient(compute, &c, gradients.data, inputs, &dw))
          }
        }
        return [y, dx, dw]
      }

      /// The same, term by term in double.
      func naive() -> [[Double]] {
        var y = [Double](repeating: 0, count: dy.count)
        var (dx, dw) = (
          [Double](repeating: 0, count: x.count), [Double](repeating: 0, count: weight.count)
        )
        let (input, kernel, output) = (
          [c.input.0, c.input.1, c.input.2], [c.kernel.0, c.kernel.1, c.kernel.2],
          [c.output.0, c.output.1, c.output.2]
        )
        let (stride, padding, dilation) = (
          [c.stride.0, c.stride.1, c.stride.2], [c.padding.0, c.padding.1, c.padding.2],
          [c.dilation.0, c.dilation.1, c.dilation.2]
        )
        func places(_ sizes: [Int]) -> [[Int]] {
          (0..<sizes.reduce(1, *)).map {
            [$0 / (sizes[1] * sizes[2]), $0 / sizes[2] % sizes[1], $0 % sizes[2]]
          }
        }
        func from(_ axis: Int, _ at: [Int], _ tap: [Int]) -> Int {
          at[axis] * stride[axis] + tap[axis] * dilation[axis] - padding[axis]
        }
        let (points, taps) = (places(output), places(kernel))
        for n in 0..<c.batch {
          for o in 0..<c.groups * c.outputs {
            for (t, at) in points.enumerated() {
              let out = (n * c.groups * c.outputs + o) * points.count + t
              y[out] = Double(bias[o])
              for i in 0..<c.inputs {
                for (k, tap) in taps.enumerated() {
                  let (d, h, w) = (from(0, at, tap), from(1, at, tap), from(2, at, tap))
                  guard d >= 0, d < input[0], h >= 0, h < input[1], w >= 0, w < input[2] else {
                    continue
                  }
                  let channel = n * c.groups * c.inputs + o / c.outputs * c.inputs + i
                  let place = ((channel * input[0] + d) * input[1] + h) * input[2] + w
                  let own = (o * c.inputs + i) * taps.count + k
                  y[out] += Double(x[place]) * Double(weight[own])
                  dx[place] += Double(dy[out]) * Double(weight[own])
                  dw[own] += Double(dy[out]) * Double(x[place])
                }
              }
            }
          }
        }
        return [y, dx, dw]
      }
    }

    /// Against naive sums, and one thread against three.
    private func check(_ example: Example) {
      let expected = example.naive()
      func compare(_ isa: String, _ found: [[Double]], within error: Double) {
        for (name, (values, sums)) in zip(["y", "dx", "dw"], zip(found, expected)) {
          let scale = max(1, sums.map(abs).max() ?? 0)
          let worst = zip(values, sums).map { abs($0 - $1) }.max() ?? 0
          #expect(worst <= error * scale, "\(isa), \(name) of \(example.c)")
        }
      }
      for (isa, found) in onEachISA({ example.run() }) {
        compare("\(isa)", found.map { $0.map { Double(Float(bitPattern: $0)) } }, within: 2e-6)
      }
      for (isa, found) in onEachISA({ example.runWide() }) {
        compare("\(isa), float64", found.map { $0.map(Double.init(bitPattern:)) }, within: 1e-13)
      }
    }

    @Test func randomGeometry() {
      var draws = Draws(seed: 5)
      for _ in 0..<40 { check(Example(&draws)) }
    }

    /// Gradients of outputs whose rows are 4096 bytes apart are copied, if many patches read them.
    @Test func gradientsOnePageApart() {
      var draws = Draws(seed: 7)
      var c = LevinConvolution()
      (c.batch, c.groups, c.inputs, c.outputs) = (1, 1, 64, 5)
      (c.kernel, c.stride, c.dilation) = ((1, 3, 3), (1, 1, 1), (1, 1, 1))
      (c.padding, c.output, c.input) = ((0, 1, 1), (1, 32, 32), (1, 32, 32))
      check(Example(c, &draws))
    }

    /// Gradients of weights that are added up in parts of the images.
    @Test(arguments: [(1, 150, 3), (2, 4, 7)])
    func manyImages(groups: Int, inputs: Int, outputs: Int) {
      var draws = Draws(seed: 9)
      var c = LevinConvolution()
      (c.batch, c.groups, c.inputs, c.outputs) = (17, groups, inputs, outputs)
      (c.kernel, c.stride, c.dilation) = ((1, 1, 2), (1, 1, 1), (1, 1, 1))
      (c.padding, c.output, c.input) = ((0, 0, 1), (1, 20, 21), (1, 20, 20))
      check(Example(c, &draws))
    }

    /// Images that are read in place; while some columns are multiplied, the next ones are prefetched.
    @Test(arguments: [3, 37, 270])
    func pointwise(channels: Int) {
      var draws = Draws(seed: 8)
      var c = LevinConvolution()
      (c.batch, c.groups, c.inputs, c.outputs) = (2, 1, channels, 20)
      (c.kernel, c.stride, c.dilation) = ((1, 1, 1), (1, 1, 1), (1, 1, 1))
      (c.padding, c.output, c.input) = ((0, 0, 0), (1, 16, 31), (1, 16, 31))
      check(Example(c, &draws))
    }

    /// The same for images of a few points, whose weights are read where they are, or are copied because there are many
    /// columns.
    @Test(arguments: [
      (batch: 5, groups: 3, inputs: 7, outputs: 20, side: 2), (16, 1, 270, 100, 4),
      (40, 2, 13, 7, 4), (3, 1, 5, 300, 1), (1, 1, 40, 6, 9),
    ])
    func pointwiseOfSmallImages(batch: Int, groups: Int, inputs: Int, outputs: Int, side: Int) {
      var draws = Draws(seed: 12)
      var c = LevinConvolution()
      (c.batch, c.groups, c.inputs, c.outputs) = (batch, groups, inputs, outputs)
      (c.kernel, c.stride, c.dilation) = ((1, 1, 1), (1, 1, 1), (1, 1, 1))
      (c.padding, c.output, c.input) = ((0, 0, 0), (1, side, side), (1, side, side))
      check(Example(c, &draws))
    }

    /// Vectors of images instead of points: several blocks of images and of channels, all kinds of borders.
    @Test(arguments: [
      (batch: 16, groups: 1, inputs: 40, outputs: 35, side: 4, kernel: 3, stride: 1),
      (64, 1, 17, 5, 2, 3, 1), (70, 2, 6, 9, 4, 4, 2), (13, 1, 21, 4, 8, 5, 1),
      (31, 3, 4, 7, 7, 2, 3), (96, 1, 8, 8, 1, 3, 1),
    ])
    func smallImages(
      batch: Int, groups: Int, inputs: Int, outputs: Int, side: Int, kernel: Int, stride: Int
    ) {
      var draws = Draws(seed: 13)
      var c = LevinConvolution()
      (c.batch, c.groups, c.inputs, c.outputs) = (batch, groups, inputs, outputs)
      (c.kernel, c.stride) = ((1, kernel, kernel), (1, stride, stride))
      (c.dilation, c.padding, c.output) = ((1, 1, 1), (0, kernel / 2, 1), (1, side, side + 1))
      c.input = (
        1, (side - 1) * stride + kernel - 2 * (kernel / 2), side * stride + kernel - 2
      )
      check(Example(c, &draws))
    }

    /// So many images that few of them at a time fit beside each other, of which few elements are seen.
    @Test(arguments: [
      (batch: 1024, side: 9, kernel: 3, stride: 8, outputs: 1), (700, 12, 3, 9, 2),
    ])
    func largeBatches(batch: Int, side: Int, kernel: Int, stride: Int, outputs: Int) {
      var draws = Draws(seed: 15)
      var c = LevinConvolution()
      (c.batch, c.groups, c.inputs, c.outputs) = (batch, 1, 5, 6)
      (c.kernel, c.stride, c.dilation) = ((1, kernel, kernel), (1, stride, stride), (1, 1, 1))
      (c.padding, c.output, c.input) = ((0, 0, 0), (1, outputs, outputs), (1, side, side))
      check(Example(c, &draws))
    }

    /// A dilated kernel of the images' size does not cover them.
    @Test func dilatedKernelsOfTheImagesSize() {
      var draws = Draws(seed: 16)
      var c = LevinConvolution()
      (c.batch, c.groups, c.inputs, c.outputs) = (20, 1, 9, 7)
      (c.kernel, c.stride, c.dilation) = ((1, 3, 4), (1, 1, 1), (1, 3, 1))
      (c.padding, c.output, c.input) = ((0, 0, 0), (1, 1, 1), (1, 3, 4))
      check(Example(c, &draws))
    }

    /// Kernels as large as the images are linear layers, with biases of their outputs, or of their inputs.
    @Test(arguments: [(batch: 3, inputs: 5, outputs: 4, kernel: (1, 4, 3)), (20, 30, 1, (1, 1, 1))])
    func kernelsThatCoverImages(
      batch: Int, inputs: Int, outputs: Int, kernel: (Int, Int, Int)
    ) {
      var draws = Draws(seed: 14)
      var c = LevinConvolution()
      (c.batch, c.groups, c.inputs, c.outputs) = (batch, 1, inputs, outputs)
      (c.kernel, c.stride, c.dilation) = (kernel, (1, 2, 1), (1, 1, 1))
      (c.padding, c.output, c.input) = ((0, 0, 0), (1, 1, 1), kernel)
      let example = Example(c, &draws)
      check(example)

      let bias = draws.floats(inputs)
      var dx = [Float](repeating: .nan, count: example.x.count)
      example.dy.withUnsafeBufferPointer { dy in
        let gradients = LevinImages(
          data: dy.baseAddress!, batch: outputs, channel: 1, place: (1, 1, 1))
        #expect(
          levin_convolve_input_gradient(.float32, &c, gradients, example.weight, bias, &dx))
      }
      let points = kernel.0 * kernel.1 * kernel.2
      for (i, (found, sum)) in zip(dx, example.naive()[1]).enumerated() {
        #expect(abs(Double(found - bias[i / points % inputs]) - sum) < 1e-5)
      }
    }

    /// Lines of a plane that several rows of a 3×3 kernel read; kernels with as many taps in other places.
    @Test(arguments: [
      (kernel: (1, 3, 3), height: 9, width: 37), ((1, 3, 3), 2, 70), ((1, 3, 3), 1, 33),
      ((3, 1, 3), 4, 21), ((1, 1, 9), 3, 40), ((1, 9, 1), 11, 18),
    ])
    func depthwise(kernel: (Int, Int, Int), height: Int, width: Int) {
      var draws = Draws(seed: 10)
      for (outputs, stride, dilation) in [(1, 1, 1), (2, 1, 1), (1, 2, 1), (1, 1, 2)] {
        var c = LevinConvolution()
        (c.batch, c.groups, c.inputs, c.outputs) = (3, 5, 1, outputs)
        (c.kernel, c.stride, c.dilation) = (kernel, (1, stride, stride), (1, 1, dilation))
        (c.padding, c.output) = ((0, 1, 1), (2, height, width))
        c.input = (
          kernel.0 + 1, (height - 1) * stride + kernel.1 - 2,
          (width - 1) * stride + (kernel.2 - 1) * dilation - 1
        )
        check(Example(c, &draws))
      }
    }

    /// Gradients of inputs whose products are added up for some channels at a time, by vectors.
    @Test(arguments: [1, 2])
    func wideKernels(stride: Int) {
      var draws = Draws(seed: 6)
      var c = LevinConvolution()
      (c.batch, c.groups, c.inputs, c.outputs) = (1, 1, 9, 19)
      (c.kernel, c.stride, c.dilation) = ((1, 5, 5), (1, stride, stride), (1, 1, 1))
      (c.padding, c.output) = ((0, 2, 2), (1, 16, 16))
      c.input = (1, 16 * stride, 16 * stride)
      check(Example(c, &draws))
    }
  }
}
