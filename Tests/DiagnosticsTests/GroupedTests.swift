import Testing

@testable import Diagnostics

@Suite struct GroupedTests {
    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (25_000, "25,000"), (1_234_567, "1,234,567"),
        (-25_000, "-25,000"), (-999, "-999"), (.min, "-9,223,372,036,854,775,808"),
    ])
    func thousandsAreSetApart(number: Int, text: String) {
        #expect(number.grouped == text)
    }
}
