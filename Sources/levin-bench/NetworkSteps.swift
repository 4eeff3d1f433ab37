import Levin

/// Training steps of whole networks of images; `scripts/bench.d/peers/torch_networks.py` has the same ones in PyTorch.
extension OperationRow {
  /// Creates a row whose model is made when it is first measured.
  private init(_ name: String, making make: @escaping () throws -> () -> Void) {
    self.name = name
    var made: (() -> Void)?
    body = {
      if made == nil {
        do { made = try make() } catch { fatalError("\(name): \(error)") }
      }
      made?()
    }
  }

  /// Forward, loss, backward and Adam.
  static func steps() -> [OperationRow] {
    [
      classification("LeNet, 64 digits", [64, 1, 28, 28]) { LeNet() },
      OperationRow("LeNet, an epoch of MNIST") { try lenetEpoch() },
      classification("ResNet-18, 64 images of 32×32", [64, 3, 32, 32]) {
        let model = resnet18(numClasses: 10)
        model.conv1 = Conv2d(3, 64, kernelSize: 3, padding: 1, bias: false)
        model.maxpool = Identity()
        return model
      },
      classification("DenseNet-121, 16 images of 64×64", [16, 3, 64, 64]) {
        densenet121(numClasses: 10)
      },
      OperationRow("convolutional VAE, 64 digits") { ConvolutionalVAE.step() },
      OperationRow("DCGAN, 64 images of 32×32") { DCGAN.step() },
    ]
  }

  private static func classification(
    _ name: String, _ shape: Shape, _ make: @escaping () -> Layer
  ) -> OperationRow {
    OperationRow(name) {
      let model = make()
      let (images, labels) = (Tensor.rand(shape), Tensor.randint(0..<10, [shape[0]]))
      let optimizer = Adam(model.parameters, learningRate: 1e-3)
      let loss = CrossEntropyLoss()
      return {
        optimizer.zeroGradients()
        loss(model(images), labels).backward()
        optimizer.step()
      }
    }
  }

  /// 938 steps of 64 digits, gathered and normalized from bytes.
  private static func lenetEpoch() throws -> () -> Void {
    let transform = Compose(ToTensor(), Normalize(mean: [0.5], standardDeviation: [0.5]))
    let loader = DataLoader(
      try MNIST(root: ".", train: true, transform: transform), batchSize: 64)
    let model = LeNet()
    let optimizer = Adam(model.parameters, learningRate: 1e-3)
    let loss = CrossEntropyLoss()
    return {
      for (images, labels) in loader {
        optimizer.zeroGradients()
        loss(model(images), labels).backward()
        optimizer.step()
      }
    }
  }
}

/// A variational autoencoder of 28×28 pixels (Kingma and Welling 2013), with 20 latent numbers.
private final class ConvolutionalVAE: Module {
  let encoder = Sequential(
    Conv2d(1, 32, kernelSize: 4, stride: 2, padding: 1), ReLU(),
    Conv2d(32, 64, kernelSize: 4, stride: 2, padding: 1), ReLU(), Flatten(),
    Linear(64 * 7 * 7, 40))
  let decoder = Sequential(
    Linear(20, 64 * 7 * 7), ReLU(), Unflatten(1, [64, 7, 7]),
    ConvTranspose2d(64, 32, kernelSize: 4, stride: 2, padding: 1), ReLU(),
    ConvTranspose2d(32, 1, kernelSize: 4, stride: 2, padding: 1))

  static func step() -> () -> Void {
    let (model, images) = (ConvolutionalVAE(), Tensor.rand([64, 1, 28, 28]))
    let optimizer = Adam(model.parameters, learningRate: 1e-3)
    return {
      optimizer.zeroGradients()
      let parts = model.encoder(images).chunked(2, dimension: 1)
      let (mean, logVariance) = (parts[0], parts[1])
      let latent = mean + (logVariance * 0.5).exp() * Tensor.randn(mean.shape)
      let reconstruction = model.decoder(latent)
        .binaryCrossEntropyWithLogits(images, reduction: .sum)
      let divergence = (mean.squared() + logVariance.exp() - 1 - logVariance).sum() * 0.5
      ((reconstruction + divergence) / 64).backward()
      optimizer.step()
    }
  }
}

/// A generator and a discriminator of 32×32 pixels (Radford and others 2015).
private enum DCGAN {
  static func generator() -> Sequential {
    Sequential(
      ConvTranspose2d(100, 256, kernelSize: 4, bias: false), BatchNorm2d(256), ReLU(),
      ConvTranspose2d(256, 128, kernelSize: 4, stride: 2, padding: 1, bias: false),
      BatchNorm2d(128), ReLU(),
      ConvTranspose2d(128, 64, kernelSize: 4, stride: 2, padding: 1, bias: false),
      BatchNorm2d(64), ReLU(),
      ConvTranspose2d(64, 3, kernelSize: 4, stride: 2, padding: 1, bias: false), Tanh())
  }

  static func discriminator() -> Sequential {
    Sequential(
      Conv2d(3, 64, kernelSize: 4, stride: 2, padding: 1, bias: false),
      LeakyReLU(negativeSlope: 0.2),
      Conv2d(64, 128, kernelSize: 4, stride: 2, padding: 1, bias: false), BatchNorm2d(128),
      LeakyReLU(negativeSlope: 0.2),
      Conv2d(128, 256, kernelSize: 4, stride: 2, padding: 1, bias: false), BatchNorm2d(256),
      LeakyReLU(negativeSlope: 0.2), Conv2d(256, 1, kernelSize: 4, bias: false), Flatten())
  }

  /// A step of the discriminator, then one of the generator.
  static func step() -> () -> Void {
    let (generator, discriminator) = (generator(), discriminator())
    let images = Tensor.rand([64, 3, 32, 32]) * 2 - 1
    let (real, fake) = (Tensor.ones([64, 1]), Tensor.zeros([64, 1]))
    let optimizers = [generator, discriminator].map {
      Adam($0.parameters, .init(learningRate: 2e-4, betas: [0.5, 0.999]))
    }
    return {
      let made = generator(.randn([64, 100, 1, 1]))
      optimizers[1].zeroGradients()
      (discriminator(images).binaryCrossEntropyWithLogits(real)
        + discriminator(made.detached()).binaryCrossEntropyWithLogits(fake)).backward()
      optimizers[1].step()
      optimizers[0].zeroGradients()
      discriminator(made).binaryCrossEntropyWithLogits(real).backward()
      optimizers[0].step()
    }
  }
}
