/// Logs what the machine does while a training runs: how busy its processors are, and how much of its memory is in use.
///
/// At the steps at which metrics are logged, at the start and the end of the batch, in percent:
/// `DeviceStatsMonitor.on_train_batch_start/cpu_percent` (since the last measurement), `cpu_vm_percent`, `cpu_swap_percent`; and
/// `process_memory`, what this process holds in bytes. What the system does not tell is left out.
public final class DeviceStatsMonitor: Callback {
  private var processors: MachineLoad?

  public override func setup(
    _ trainer: Trainer, _ module: LightningModuleBase, stage: Stage
  ) throws {
    guard stage == .fit else { return }
    guard trainer.hasLogger else {
      throw TrainerError.configuration(
        key: "logger", found: "none", expected: "a logger for DeviceStatsMonitor to write to")
    }
    processors = MachineLoad.current
  }

  public override func onTrainBatchStart(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) {
    guard trainer.logsNextStep else { return }
    log(trainer, "on_train_batch_start", step: trainer.context.state.batchesThatStepped)
  }

  public override func onTrainBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) {
    if trainer.logsThisStep { log(trainer, "on_train_batch_end", step: trainer.lastStep) }
  }

  private func log(_ trainer: Trainer, _ hook: String, step: Int) {
    var values: [(String, Double)] = []
    if let now = MachineLoad.current {
      if let share = processors?.busyShare(until: now) {
        values.append(("cpu_percent", share * 100))
      }
      processors = now
    }
    if let memory = MachineMemory.current {
      values.append(("cpu_vm_percent", memory.usedShare * 100))
      values.append(("cpu_swap_percent", memory.usedSwapShare * 100))
      if let own = memory.ofThisProcess { values.append(("process_memory", Double(own))) }
    }
    trainer.log(
      values.map { ("DeviceStatsMonitor.\(hook)/\($0.0)", $0.1) }, step: step, addsEpoch: false)
  }
}
