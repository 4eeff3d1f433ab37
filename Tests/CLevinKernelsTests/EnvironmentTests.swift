import CLevinKernels
import CLevinRuntime
import Foundation
import Testing

extension KernelTests {
  /// Decisions that a process makes once; each is tested in its own process.
  @Suite struct EnvironmentTests {
    @Test func theEnvironmentChoosesTheInstructionSet() async {
      await #expect(processExitsWith: .success) {
        setenv("LEVIN_ISA", "plain", 1)
        exit(levin_isa() == .plain ? 0 : 1)
      }
    }

    @Test func anUnknownInstructionSetIsTheBestThereIs() async {
      await #expect(processExitsWith: .success) {
        setenv("LEVIN_ISA", "mmx", 1)
        exit(levin_isa() == LevinISA.onThisMachine.last ? 0 : 1)
      }
    }

    @Test func theEnvironmentChoosesTheThreads() async {
      await #expect(processExitsWith: .success) {
        setenv("LEVIN_THREADS", "3", 1)
        exit(levin_thread_count() == 3 ? 0 : 1)
      }
    }

    @Test func zeroThreadsAreAsManyAsProcessors() async {
      await #expect(processExitsWith: .success) {
        setenv("LEVIN_THREADS", "0", 1)
        exit(levin_thread_count() >= 1 ? 0 : 1)
      }
    }

    @Test func aForkedChildWorksAlone() async {
      await #expect(processExitsWith: .success) {
        levin_set_thread_count(3)
        var x = [Float](repeating: 2, count: 50_000)
        levin_unary(.square, .float32, x.count, x, &x)
        // Swift hides fork, but programs that embed Python, for example, call it.
        typealias Fork = @convention(c) () -> Int32
        guard let symbol = dlsym(UnsafeMutableRawPointer(bitPattern: 0), "fork") else { exit(1) }
        let child = unsafeBitCast(symbol, to: Fork.self)()
        if child == 0 {
          levin_unary(.square, .float32, x.count, x, &x)
          _exit(levin_thread_count() == 1 && x.allSatisfy { $0 == 16 } ? 0 : 1)
        }
        var status: Int32 = -1
        exit(waitpid(child, &status, 0) == child && status == 0 ? 0 : 1)
      }
    }
  }
}
