import Foundation
import Levin
import Testing

@testable import LevinTrainer

extension TrainerTests {
  /// How a program ends, as seen from outside.
  @Suite struct ProgramTests {
    /// A step with a shape mistake in its second epoch.
    final class Misshapen: BoringModule {
      override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
        let loss = try super.trainingStep(batch, batchIndex: batchIndex)
        if currentEpoch == 1, batchIndex == 1 { _ = layer(batch) + Tensor.zeros([3, 5]) }
        return loss
      }
    }

    /// A folder that a test and the process that it starts both know.
    private static func folder(of test: pid_t) -> String {
      FileManager.default.temporaryDirectory.appending(path: "levin-program-\(test)").path
    }

    @Test func aMistakeOfShapesNamesEpochAndBatch() async throws {
      let result = await #expect(
        processExitsWith: .exitCode(1), observing: [\.standardErrorContent]
      ) {
        await Program.run {
          try await Trainer.quiet(root: Self.folder(of: getppid()))
            .fit(Misshapen(), dataModule: BoringData())
        }
      }
      let folder = Self.folder(of: getpid())
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let record = RunRecord.read(fromRun: folder + "/lightning_logs/version_0")
      #expect(record?.status == .failed)
      #expect(record?.end != nil)
      let run = try Run(directory: folder + "/lightning_logs/version_0")
      #expect(run.scalars("train/loss")?.count == 3)
      let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      #expect(
        text == """
          error: in training, epoch 1, batch 1: +: found shapes [4, 2] and [3, 5]; expected shapes \
          that broadcast; sizes, counted from the last, must be equal or 1

          """)
    }

    @Test func aMistakeBeforeTheLoopsNamesNoPlace() async throws {
      final class Early: BoringModule {
        override func configureOptimizers() throws -> any OptimizerConfiguration {
          _ = Tensor.zeros([2]) + Tensor.zeros([3])
          return try super.configureOptimizers()
        }
      }
      let result = await #expect(
        processExitsWith: .exitCode(1), observing: [\.standardErrorContent]
      ) {
        await Program.run {
          try await Trainer.quiet(root: Self.folder(of: getppid()))
            .fit(Early(), dataModule: BoringData())
        }
      }
      try? FileManager.default.removeItem(atPath: Self.folder(of: getpid()))
      let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      #expect(
        text == """
          error: +: found shapes [2] and [3]; expected shapes that broadcast; sizes, counted from the last, must be \
          equal or 1

          """)
    }

    /// One of two simultaneous trainings: in its second step it announces itself, and waits for the other.
    final class Meeting: BoringModule {
      private let (here, there): (DispatchSemaphore, DispatchSemaphore)
      init(here: DispatchSemaphore, there: DispatchSemaphore) {
        (self.here, self.there) = (here, there)
      }

      override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
        if currentEpoch == 0, batchIndex == 1 {
          here.signal()
          there.wait()
        }
        if currentEpoch == 1, batchIndex == 1 { _ = layer(Tensor.zeros([3, 5])) }
        return try super.trainingStep(batch, batchIndex: batchIndex)
      }
    }

    /// A thread for each piece of a task.
    final class Threads: TaskExecutor {
      func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        Thread.detachNewThread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
      }
    }

    /// If one of two trainers traps, its position is named and its run has failed, whichever began last.
    @Test func eachTrainerHasItsOwnPlace() async throws {
      let result = await #expect(
        processExitsWith: .exitCode(1), observing: [\.standardErrorContent]
      ) {
        await Program.run {
          let (first, second) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
          let root = Self.folder(of: getppid()) + "-two"
          let failing = Task(executorPreference: Threads()) {
            try await Trainer.quiet(root: root + "/failing")
              .fit(Meeting(here: first, there: second), dataModule: BoringData())
          }
          let waiting = Task(executorPreference: Threads()) {
            first.wait()
            // Nobody answers this one.
            try await Trainer.quiet(root: root + "/waiting")
              .fit(Meeting(here: second, there: first), dataModule: BoringData())
          }
          try await failing.value
          try await waiting.value
        }
      }
      let root = Self.folder(of: getpid()) + "-two"
      defer { try? FileManager.default.removeItem(atPath: root) }
      let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      #expect(
        text == """
          error: in training, epoch 1, batch 1: Linear "layer": found input [3, 5]; expected […, 4]; \
          give it inputs of 4 features, or make the layer Linear(5, 2)

          """)
      func folder(_ name: String) -> String { "\(root)/\(name)/lightning_logs/version_0" }
      #expect(RunRecord.read(fromRun: folder("failing"))?.status == .failed)
      #expect(RunRecord.read(fromRun: folder("waiting"))?.status == .running)
      #expect(try Run(directory: folder("failing")).scalars("train/loss")?.count == 3)
    }

    /// Samples that cannot be fetched.
    struct Misshaped: Dataset {
      let count = 8
      func batch(at indices: ArraySlice<Int>) -> Tensor {
        Tensor.zeros([indices.count]).reshaped(to: [3])
      }
    }

    @Test func aWorkersMistakeNamesThePlace() async throws {
      final class Data: BoringData {
        override func trainDataLoader() throws -> DataLoader<Tensor> {
          DataLoader(Misshaped(), batchSize: 4, workerCount: 1)
        }
      }
      let result = await #expect(
        processExitsWith: .exitCode(1), observing: [\.standardErrorContent]
      ) {
        await Program.run { try await Trainer.quiet().fit(BoringModule(), dataModule: Data()) }
      }
      let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      #expect(
        text.hasPrefix(
          "error: in training, epoch 0, batch 0: reshaped(to:): found shape [4] to [3]"))
    }

    /// Only environment variables that have no effect are reported.
    @Test func variablesOfTheEnvironment() {
      func warnings(_ threads: String?, _ set: String?) -> [String] {
        var environment: [String: String] = [:]
        environment["LEVIN_THREADS"] = threads
        environment["LEVIN_ISA"] = set
        return Program.warnings(environment, threadCount: 2, instructionSet: "avx2")
      }
      #expect(warnings(nil, nil).isEmpty && warnings("", "").isEmpty && warnings("0", nil).isEmpty)
      #expect(warnings("2", "avx2").isEmpty)
      #expect(
        warnings("abc", "sse9") == [
          "warning: LEVIN_THREADS is 'abc'; expected 1 to 64, or 0 for one per processor. Levin uses 2.",
          "warning: LEVIN_ISA is 'sse9'; expected plain, avx2 or avx512, if this machine has it. Levin uses avx2.",
        ])
      #expect(warnings("100", "avx512").count == 2 && warnings("-1", nil).count == 1)
    }

    @Test func anErrorIsOneLine() async throws {
      let result = await #expect(
        processExitsWith: .exitCode(1), observing: [\.standardErrorContent]
      ) {
        await Program.run { throw CheckpointError.missing(path: "a.safetensors") }
      }
      let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      #expect(
        text == "error: checkpoint 'a.safetensors': there is no such file. Check the path.\n")
    }

    private static func error(of result: ExitTest.Result?) -> String {
      String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    }

    @Test func aThrownErrorNamesEpochAndBatch() async throws {
      let step = await #expect(
        processExitsWith: .exitCode(1), observing: [\.standardErrorContent]
      ) {
        final class Throwing: BoringModule {
          struct Broken: Error, CustomStringConvertible { let description = "row 17 is broken" }
          override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
            if currentEpoch == 1, batchIndex == 1 { throw Broken() }
            return try super.trainingStep(batch, batchIndex: batchIndex)
          }
        }
        await Program.run { try await Trainer.quiet().fit(Throwing(), dataModule: BoringData()) }
      }
      #expect(
        Self.error(of: step) == "error: in training, epoch 1, batch 1: row 17 is broken\n")
      let data = await #expect(
        processExitsWith: .exitCode(1), observing: [\.standardErrorContent]
      ) {
        struct Broken: Error, CustomStringConvertible { let description = "row 5 is broken" }
        struct Rows: Dataset {
          let count = 8
          func batch(at indices: ArraySlice<Int>) throws -> Tensor {
            if indices.contains(5) { throw Broken() }
            return Tensor.zeros([indices.count, 4])
          }
        }
        await Program.run {
          _ = try await Trainer.quiet()
            .test(BoringModule(), dataLoader: DataLoader(Rows(), batchSize: 2))
        }
      }
      #expect(Self.error(of: data) == "error: in the test, batch 2: row 5 is broken\n")
      // An error from elsewhere does not replace the one that was caught.
      let later = await #expect(
        processExitsWith: .exitCode(1), observing: [\.standardErrorContent]
      ) {
        struct Broken: Error {}
        struct Other: Error {}
        final class Throwing: BoringModule {
          override func testStep(_ batch: Tensor, batchIndex: Int) throws -> Any? { throw Broken() }
        }
        await Program.run {
          _ = try? await Trainer.quiet().test(Throwing(), dataModule: BoringData())
          throw Other()
        }
      }
      #expect(Self.error(of: later) == "error: Other()\n")
    }

    @Test func aMistakeOfShapesNamesTheLayer() async throws {
      let result = await #expect(
        processExitsWith: .exitCode(1), observing: [\.standardErrorContent]
      ) {
        final class Narrow: BoringModule {
          let model = Sequential(ReLU(), Linear(4, 3), ReLU(), Sequential(Linear(2, 8), ReLU()))
          override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
            model(batch).mean()
          }
        }
        await Program.run { try await Trainer.quiet().fit(Narrow(), dataModule: BoringData()) }
      }
      #expect(
        Self.error(of: result)
          == "error: in training, epoch 0, batch 0: Linear \"model.3.0\": found input [4, 3]; "
          + "expected […, 2]; give it inputs of 2 features, or make the layer Linear(3, 8)\n"
      )
    }

    /// The first signal ends the batch and saves; the status is the shell's.
    @Test func anErrorDoesNotSteerTheTerminal() async throws {
      struct Named: Error, CustomStringConvertible {
        let description = "there is no x\u{1B}]52;c;cHduZWQ=\u{07}\u{202E};\n  there is y"
      }
      let result = await #expect(
        processExitsWith: .exitCode(1), observing: [\.standardErrorContent]
      ) {
        await Program.run { throw Named() }
      }
      let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      #expect(text == "error: there is no x␛]52;c;cHduZWQ=␇�;\n  there is y\n")
    }

    #if os(Linux)
      /// Lost output, by `print` or by the library, is a failure that is reported once, at the end.
      @Test(arguments: [true, false]) func aFullDiskFails(isPrinted: Bool) async throws {
        let result = await #expect(
          processExitsWith: .exitCode(1), observing: [\.standardErrorContent]
        ) { [isPrinted] in
          dup2(open("/dev/full", O_WRONLY), STDOUT_FILENO)
          await Program.run {
            if isPrinted { print("1") } else { Terminal.print("1") }
            Terminal.print("2")
            FileHandle.standardError.write(Data("went on\n".utf8))
          }
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(
          text == """
            went on
            error: cannot write to the standard output: No space left on device; the output is \
            incomplete

            """)
      }
    #endif

    @Test func aReaderThatHasGoneIsNoError() async throws {
      let result = await #expect(
        processExitsWith: .exitCode(141), observing: [\.standardErrorContent]
      ) {
        var ends: [Int32] = [0, 0]
        pipe(&ends)
        dup2(ends[1], STDOUT_FILENO)
        close(ends[0])
        close(ends[1])
        signal(SIGPIPE, SIG_IGN)
        await Program.run {
          Terminal.print("1")
          // Swift Testing gives bytes of nowhere for an empty standard error.
          FileHandle.standardError.write(Data("went on\n".utf8))
        }
      }
      #expect(
        String(decoding: result?.standardErrorContent ?? [], as: UTF8.self) == "went on\n")
    }

    @Test func anInterruptSavesAndExitsWith130() async throws {
      let result = await #expect(
        processExitsWith: .exitCode(130), observing: [\.standardErrorContent]
      ) {
        final class Interrupted: BoringModule {
          override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
            if globalStep == 2 {
              // Another thread takes the signal: this one, a worker of the runtime, has it blocked.
              kill(getpid(), SIGINT)
              usleep(200_000)
            }
            return try super.trainingStep(batch, batchIndex: batchIndex)
          }
        }
        await Program.run {
          let folder = FileManager.default.temporaryDirectory
            .appending(path: "levin-interrupt-\(getpid())").path
          defer { try? FileManager.default.removeItem(atPath: folder) }
          let trainer = Trainer.quiet(root: folder)
          trainer.commandToResume = {
            "again " + $0.split(separator: "/").suffix(3).joined(separator: "/")
          }
          do {
            try await trainer.fit(Interrupted(), dataModule: BoringData())
          } catch let interruption as RunInterrupted {
            let record = RunRecord.read(fromRun: folder + "/lightning_logs/version_0")
            guard record?.status == .interrupted, record?.steps == 3,
              let path = interruption.checkpointPath, FileManager.default.fileExists(atPath: path)
            else { exit(3) }
            throw interruption
          }
        }
      }
      let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      #expect(text.hasPrefix("interrupted in epoch 1 after step 3; saved "))
      #expect(
        text.hasSuffix(
          "To continue from there:\n  again version_0/checkpoints/epoch=1-step=3.safetensors\n"))
    }
  }
}
