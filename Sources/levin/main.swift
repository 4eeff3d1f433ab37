import DigitClassifier
import Levin

await LightningCLI(model: DigitModule.self, data: DigitDataModule.self).main()
