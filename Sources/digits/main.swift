import DigitClassifier
import Levin

await Program.run(about: "Train and test a classifier of digits. levin fit takes options.") {
  let model = DigitModule()
  let data = DigitDataModule()
  let trainer = Trainer(maxEpochs: 5)
  try await trainer.fit(model, dataModule: data)
  try await trainer.test(model, dataModule: data)
}
