internal import LevinNN

/// Which modules of a model are in training mode, to be restored after an evaluation.
struct ModelModes {
  private let modes: [(module: Module, isTraining: Bool)]

  init(of module: Module) {
    modes = module.namedModules.map { ($0.module, $0.module.isTraining) }
  }

  /// Parents come before their children, so each module's own mode is set last.
  func restore() {
    for (module, isTraining) in modes where module.isTraining != isTraining {
      module.train(isTraining)
    }
  }
}
