import LevinTensor
import ReferenceBackend
import Testing

/// Tensors on a second device, whose memory only its backend can read.
@Suite struct DeviceTests {
  let device = Device(ReferenceBackend())

  private func text(_ result: ExitTest.Result?) throws -> String {
    String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
  }

  @Test func elementsTravel() {
    let x = Tensor((0..<24).map { Float($0) }, shape: [2, 3, 4])
    let there = x.transposed(0, 2).to(device)
    #expect(there.device == device && x.device == .cpu)
    #expect(there.scalars(as: Float.self) == x.transposed(0, 2).scalars())
    #expect(there[1...2, 0].to(.cpu).scalars(as: Float.self) == [1, 13, 2, 14])
    #expect(there[3, 2, 1].item() == 23)
    let other = Device(ReferenceBackend(name: "other"))
    #expect(there[0].to(other).scalars(as: Float.self) == [0, 12, 4, 16, 8, 20])
    for dtype in DType.allCases {
      let y = x.to(dtype)
      #expect(y.to(device).to(.cpu).to(.float64).allClose(to: y.to(.float64)))
    }
  }

  @Test func descriptionNamesTheDevice() {
    #expect(
      "\(Tensor([1, 2.5] as [Float], device: device))"
        == "tensor([1.0000, 2.5000], device='reference')")
  }

  @Test func newTensorsLieOnTheThreadsDevice() {
    let made = withDevice(device) {
      [
        Tensor([1, 2]), Tensor(3), Tensor([[1], [2]]), .zeros([2]), .full([2], 7), .arange(3),
        .eye(2), .linspace(0, 1, count: 3), .rand([4]), .randn([20]), .randint(0..<3, [2]),
        .randperm(4),
      ]
    }
    for tensor in made { #expect(tensor.device == device) }
    #expect(Tensor.zeros([2]).device == .cpu)
    #expect(withDevice(device) { withDevice(.cpu) { Tensor.ones([1]).device } } == .cpu)
    #expect(Tensor.ones([2], device: device).device == device)
    // A seed gives the same numbers on every device.
    let there = withDevice(device) { Tensor.randn([40], generator: Generator(seed: 3)) }
    #expect(
      there.scalars(as: Float.self) == Tensor.randn([40], generator: Generator(seed: 3)).scalars())
  }

  @Test func aScalarOfTheHostIsLookedForOnTheDevice() {
    let places = Tensor(Float(2.5)).searchedSorted(
      in: Tensor([1, 2, 3] as [Float], device: device))
    #expect(places.device == device && places.item() == 2)
  }

  @Test func gradientsGoBackToWhereTheyCameFrom() throws {
    let x = Tensor([1, 2, 3] as [Float]).requiringGradient()
    let scale = Tensor(Float(4)).requiringGradient()
    // A scalar of the host may be combined with tensors of the device, and gets its gradient on the host.
    (x.to(device) * scale + 1).squared().sum().backward()
    let (dx, dscale) = (try #require(x.gradient), try #require(scale.gradient))
    #expect(dx.device == .cpu && dscale.device == .cpu)
    #expect(dx.scalars(as: Float.self) == [40, 72, 104])
    // 2 (4x + 1) x, summed.
    #expect(dscale.item() == 124)
    let there = Tensor(Float(2), device: device).requiringGradient()
    (there * scale).backward()
    #expect(try #require(there.gradient).device == device)
    #expect(try #require(scale.gradient).item() == 126)
  }

  @Test func assignmentsCrossDevices() {
    var x = Tensor.zeros([2, 3], device: device)
    let kept = x[0]
    x[0] = Tensor([1, 2, 3] as [Float])
    x[1, 1] = Tensor(Float(9))
    #expect(x.device == device)
    #expect(x.scalars(as: Float.self) == [1, 2, 3, 0, 9, 0])
    #expect(kept.scalars(as: Float.self) == [0, 0, 0])
  }

  /// The composed cross-entropy, and products with their epilogues, against the CPU's kernels.
  @Test func fusedKernelsAgreeWithTheCPU() throws {
    let generator = Generator(seed: 1)
    let (x, w, b) = (
      Tensor.randn([5, 4], generator: generator), Tensor.randn([3, 4], generator: generator),
      Tensor.randn([3], generator: generator)
    )
    for (targets, ignored) in [
      ([0, 2, 1, 0, 2], -100), ([0, 2, -7, 0, 2], -7), ([0, 2, 1, 0, 2], 2), ([1, 1, 1, 1, 1], 1),
    ] {
      func run(on device: Device) throws -> [Tensor] {
        let leaves = [x, w, b, w.transposed().contiguous()].map {
          $0.to(device).requiringGradient()
        }
        let hidden = leaves[0].linear(weight: leaves[1], bias: leaves[2], relu: true)
        let logits = hidden.linear(weight: leaves[3])
          .narrowed(1, start: 0, length: 3)
        let loss = logits.crossEntropy(
          Tensor(targets.map(Int64.init), device: device), ignoreIndex: Int64(ignored))
        (loss * 3).backward()
        return [loss.detached()] + (try leaves.map { try #require($0.gradient) })
      }
      for (there, here) in zip(try run(on: device), try run(on: .cpu)) {
        #expect(there.device == device)
        #expect(there.to(.cpu).allClose(to: here, relative: 1e-5, absolute: 1e-6, equalNaN: true))
      }
    }
  }

  /// The backend's convolutions, pooling and channels, and their backward passes, against the CPU's kernels.
  @Test func layersOfPicturesAgreeWithTheCPU() throws {
    let generator = Generator(seed: 2)
    let (x, w, b) = (
      Tensor.randn([2, 4, 7, 6], generator: generator),
      Tensor.randn([6, 2, 3, 2], generator: generator), Tensor.randn([6], generator: generator)
    )
    let layers: [([Tensor]) -> Tensor] = [
      { leaves in
        leaves[0].conv2d(
          weight: leaves[1], bias: leaves[2], stride: [2, 1], padding: 1, dilation: [1, 2],
          groups: 2)
      },
      { leaves in
        leaves[0].convTranspose2d(
          weight: leaves[1].narrowed(0, start: 0, length: 4), stride: 2, padding: [1, 0], groups: 2)
      },
      { $0[0].maxPool2d(kernelSize: 3, stride: 2, padding: 1, dilation: [1, 2]) },
      { $0[0].avgPool2d(kernelSize: [3, 2], stride: [1, 2], padding: 1) },
      { leaves in
        leaves[0].batchNorm(
          weight: leaves[2].narrowed(0, start: 0, length: 4),
          bias: leaves[2].narrowed(0, start: 2, length: 4)
        ).output
      },
    ]
    for layer in layers {
      func run(on device: Device) throws -> [Tensor] {
        let leaves = [x, w, b].map { $0.to(device).requiringGradient() }
        let output = layer(leaves)
        (output * output * output).sum().backward()
        return [output.detached()] + leaves.compactMap(\.gradient)
      }
      let (there, here) = (try run(on: device), try run(on: .cpu))
      #expect(there.count == here.count)
      for (there, here) in zip(there, here) {
        #expect(there.device == device)
        #expect(there.to(.cpu).allClose(to: here, relative: 1e-4, absolute: 1e-4))
      }
    }
  }

  /// New tensors that operations create are on the device of their operands, whatever the thread's default.
  @Test func operationsMakeNothingElsewhere() {
    func results(_ x: Tensor, _ places: Tensor) -> [Tensor] {
      [
        x.quantile(0.3), x.indexFilled(0, places, with: 7), x.flattened().uniqueRuns().counts,
        x.scatterReduced(0, places.unsqueezed(1), x, .product), x.histogram(bins: 3),
        x.searchedSorted(in: x.flattened().sorted().values), x.cumulativeMaximum(0).indices,
        x.unsqueezed(0).expanded(to: [9, 3, 3]).matmul(x), x.covariance(), x.dropout(1),
      ]
    }
    let x = Tensor([0.5, -1, 2, 3, 0.25, -2, 1, 4, -3] as [Float], shape: [3, 3])
    let places = Tensor([2, 0, 2] as [Int64])
    let here = results(x, places)
    let there = results(x.to(device), places.to(device))
    let besides = withDevice(device) { results(x, places) }
    for (index, result) in here.enumerated() {
      #expect(there[index].device == device && besides[index].device == .cpu)
      #expect(there[index].to(.cpu).allClose(to: result, absolute: 1e-6))
      #expect(besides[index].allClose(to: result))
    }
  }

  @Test func twoDevicesTrap() async throws {
    let sum = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.ones([2]) + Tensor.ones([2], device: Device(ReferenceBackend()))
    }
    #expect(
      try text(sum).contains(
        "+: found tensors on reference and cpu; expected one device; move one of them, as x.to(y.device)"
      ))
    let product = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.ones([2, 2]).matmul(Tensor.ones([2, 2], device: Device(ReferenceBackend())))
    }
    #expect(
      try text(product).contains("matmul(_:): found tensors on cpu and reference; expected one"))
    let joined = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let (a, b) = (Device(ReferenceBackend()), Device(ReferenceBackend(name: "other")))
      _ = Tensor.concatenated([.ones([2], device: a), .ones([2], device: b)])
    }
    #expect(
      try text(joined).contains(
        "concatenated(_:dimension:): found tensors on reference and other; expected one device"))
  }

  @Test func registeredDevicesAreFoundByName() async throws {
    let backend = ReferenceBackend(name: "registered")
    Device.register(backend)
    Device.register(backend)
    #expect(Device(named: "registered") == Device(backend))
    #expect(Device(named: "cpu") == .cpu)
    #expect(Device(named: "cuda:7") == nil)
    #expect(Device.all.filter { $0.name == "registered" }.count == 1)
    let twice = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Device.register(ReferenceBackend(name: "gpu"))
      Device.register(ReferenceBackend(name: "gpu"))
    }
    #expect(
      try text(twice).contains("Device: found two devices named gpu; expected a name for each"))
  }

  @Test func parametersMove() throws {
    let parameter = Parameter(Tensor([1, 2] as [Float]))
    (parameter.value * parameter.value).sum().backward()
    parameter.move(to: device)
    #expect(parameter.device == device)
    #expect(try #require(parameter.gradient).device == device)
    parameter.update { value, gradient in value = value - gradient * 0.25 }
    #expect(parameter.value.scalars(as: Float.self) == [0.5, 1])
    parameter.assign(Tensor([5, 6] as [Float]))
    #expect(parameter.value.device == device)
    #expect(parameter.value.scalars(as: Float.self) == [5, 6])
  }
}
