import DigitClassifier
import Levin

var trainerDefaults = TrainerConfiguration()
trainerDefaults.maxEpochs = 5
await LightningCLI(
  DigitModule.self, DigitDataModule.self, trainerDefaults: trainerDefaults,
  about: """
    The model is a network of three layers, 784-128-64-10, for images of 28x28 pixels in ten classes. The data is MNIST, \
    or another dataset of its form.
    """
).main()
