import DigitClassifier
import Levin

var trainerDefaults = TrainerConfiguration()
trainerDefaults.maxEpochs = 5
await LightningCLI(
  model: DigitModule.self, data: DigitDataModule.self, trainerDefaults: trainerDefaults
).main()
