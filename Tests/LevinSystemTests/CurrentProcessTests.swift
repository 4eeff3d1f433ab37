import LevinSystem
import Testing

@Suite struct CurrentProcessTests {
  /// What a process holds counts, and what the one that started it holds does not.
  @Test func peakMemoryIsOfThisProcess() async throws {
    let before = try #require(CurrentProcess.peakMemory)
    let large = [UInt8](repeating: 1, count: 1 << 29)
    #expect(try #require(CurrentProcess.peakMemory) >= max(before, large.count))
    await #expect(processExitsWith: .success) {
      let own = try #require(CurrentProcess.peakMemory)
      #expect(own > 1 << 20 && own < 1 << 29)
    }
    #expect(large[large.count - 1] == 1)
  }
}
