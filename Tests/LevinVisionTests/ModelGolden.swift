import LevinNN
import LevinTensor
import LevinVision
import Testing

/// Golden data of scripts/golden/make_models.py.
enum ModelGolden {
  struct Structure: Decodable {
    let name: String
    let digest: String
    let parameters: Int
    let entries: Int
  }
  struct Training: Decodable, Sendable, CustomTestStringConvertible {
    struct Entry: Decodable {
      let name: String
      let values: [Double]
      let spread: Double
    }
    let name: String
    let shape: [Int]
    let rate: Double
    let losses: [Double]
    let lossSpread: Double
    let state: [Entry]
    let logits: [Double]
    let logitsSpread: Double

    var testDescription: String { name }
  }
  struct Initial: Decodable {
    struct Numbers: Decodable {
      let name: String
      let sum: Double
      let magnitudes: Double
      let values: [Double]
    }
    let name: String
    let next: Double
    let parameters: [Numbers]
  }
  struct Logits: Decodable {
    struct Seeded: Decodable {
      let name: String
      let next: Double
      let logits: [Double]
    }
    let seeded: [Seeded]
    let saved: [Double]
  }

  /// Evenly spread elements, as the script takes them.
  static func some(_ tensor: Tensor, _ count: Int = 16) -> [Double] {
    let all = tensor.detached().to(.float64).scalars(as: Double.self)
    return stride(from: 0, to: all.count, by: (all.count + count - 1) / count).map { all[$0] }
  }

  static let models: [String: @Sendable () -> Layer] = [
    "alexnet": { alexnet() },
    "densenet121": { densenet121() },
    "densenet161": { densenet161() },
    "densenet169": { densenet169() },
    "densenet201": { densenet201() },
    "mobilenetV2": { mobilenetV2() },
    "resnet18": { resnet18() },
    "resnet34": { resnet34() },
    "resnet50": { resnet50() },
    "resnet101": { resnet101() },
    "resnet152": { resnet152() },
    "resnext50x32x4d": { resnext50x32x4d() },
    "resnext101x32x8d": { resnext101x32x8d() },
    "resnext101x64x4d": { resnext101x64x4d() },
    "squeezenet1x0": { squeezenet1x0() },
    "squeezenet1x1": { squeezenet1x1() },
    "vgg11": { vgg11() },
    "vgg11BN": { vgg11BN() },
    "vgg13": { vgg13() },
    "vgg13BN": { vgg13BN() },
    "vgg16": { vgg16() },
    "vgg16BN": { vgg16BN() },
    "vgg19": { vgg19() },
    "vgg19BN": { vgg19BN() },
    "wideResnet50x2": { wideResnet50x2() },
    "wideResnet101x2": { wideResnet101x2() },
  ]

  /// The script's `drawn_afterwards`.
  private static func drawnAfterwards(
    _ make: () -> Layer, _ narrow: (Layer, Sequential) -> Void, features: Int
  ) -> Layer {
    let model = Init.skipping {
      let model = make()
      narrow(model, Sequential(Linear(features, 32), ReLU(), Linear(32, 10)))
      return model
    }
    model.initializeConvolutionsAndLinears(kaimingFanOut)
    return model
  }

  private static func vgg(_ batchNorm: Bool) -> Layer {
    drawnAfterwards(
      {
        VGG(
          VGG.features([8, nil, 16, nil, 24, 24, nil], batchNorm: batchNorm), numClasses: 10,
          initWeights: false)
      }, narrow, features: 24)
  }

  private static func narrow(_ model: Layer, _ classifier: Sequential) {
    switch model {
    case let model as VGG: (model.avgpool, model.classifier) = (AdaptiveAvgPool2d(1), classifier)
    case let model as AlexNet:
      (model.avgpool, model.classifier) = (AdaptiveAvgPool2d(1), classifier)
    default: break
    }
  }

  static let families: [String: @Sendable () -> Layer] = [
    "lenet": { LeNet() },
    "alexnet": {
      drawnAfterwards({ AlexNet(numClasses: 10, dropout: 0) }, narrow, features: 256)
    },
    "vgg": { vgg(false) },
    "vggBN": { vgg(true) },
    "resnet basic": { ResNet(.basic, [1, 1, 1, 1], numClasses: 10) },
    "resnet bottleneck": {
      ResNet(
        .bottleneck, [1, 1, 1, 1], numClasses: 10, zeroInitResidual: true, groups: 8,
        widthPerGroup: 4, replaceStrideWithDilation: [false, false, true])
    },
    "densenet": {
      DenseNet(
        growthRate: 8, blockConfig: [2, 1, 2], numInitFeatures: 12, bnSize: 2, numClasses: 10)
    },
    "mobilenet": {
      MobileNetV2(
        numClasses: 10, widthMult: 0.5,
        invertedResidualSetting: [[1, 16, 1, 1], [4, 24, 2, 2], [6, 32, 1, 1]], dropout: 0)
    },
    "squeezenet": { SqueezeNet(version: .v1x1, numClasses: 10, dropout: 0) },
  ]
}
