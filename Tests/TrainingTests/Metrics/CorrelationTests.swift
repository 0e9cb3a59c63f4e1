import Testing

@testable import Training

@Suite struct CorrelationTests {
    /// The examples of SciPy's pages on `pearsonr` and `spearmanr`.
    @Test func theyAreSciPys() throws {
        let first = try #require(Correlation([1, 2, 3, 4, 5], [10, 9, 2.5, 6, 4]))
        #expect(abs(first.pearson + 0.7426106572325057) < 1e-12 && abs(first.spearman + 0.7) < 1e-12)
        let ties = try #require(Correlation([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]))
        #expect(abs(ties.spearman - 0.8207826816681233) < 1e-12)
    }

    @Test func placesWithoutANumberAreLeftOut() throws {
        let found = try #require(Correlation([1, nil, 2, 3, 9], [2, 50, 4, 6, nil]))
        #expect(found.count == 3 && abs(found.pearson - 1) < 1e-12)
    }

    @Test func whatDoesNotVaryHasNone() {
        #expect(Correlation([1, 1, 1], [1, 2, 3]) == nil && Correlation([1], [2]) == nil)
        #expect(Correlation([nil, 1], [1, nil]) == nil)
    }
}
