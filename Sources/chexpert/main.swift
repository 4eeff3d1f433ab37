import ChestXRays
import Levin

var trainerDefaults = TrainerConfiguration()
trainerDefaults.maxEpochs = 3
await LightningCLI(
  CheXpertModule.self, CheXpertDataModule.self, trainerDefaults: trainerDefaults,
  about: """
    The model is a DenseNet-121, and the data is CheXpert or MIMIC-CXR-JPG. "\(Program.name) miniature FOLDER" draws a small \
    dataset of the same form.
    """
)
.command("miniature", about: MiniatureCommand.about, run: MiniatureCommand.start)
.main()
