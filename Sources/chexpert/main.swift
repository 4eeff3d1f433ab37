import ChestXRays
import Levin

var trainerDefaults = TrainerConfiguration()
trainerDefaults.maxEpochs = 3
let arguments = Program.arguments()
if arguments.first == "miniature" {
  await MiniatureCommand.start(Array(arguments.dropFirst()))
} else {
  await LightningCLI(
    CheXpertModule.self, CheXpertDataModule.self, trainerDefaults: trainerDefaults,
    about: """
      The model is a DenseNet-121, and the data is CheXpert or MIMIC-CXR-JPG. "\(Program.name) miniature FOLDER" draws a small \
      dataset of the same form.
      """
  ).main(arguments)
}
