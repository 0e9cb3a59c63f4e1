import Foundation
import Testing

@testable import System

@Suite struct HomePathTests {
    @Test(arguments: [
        ("~", "/home/ada"), ("~/", "/home/ada"), ("~/data/", "/home/ada/data"), ("a/~", "a/~"), ("~b", "~b"),
        ("/x/", "/x"), ("/", "/"), ("", ""),
    ])
    func aTildeAtTheBeginningIsTheHome(path: String, expanded: String) {
        #expect(expandingHome(path, home: "/home/ada") == expanded)
    }

    @Test func theHomeIsTheProcesssOwnUnlessItIsGiven() {
        #expect(expandingHome("~/data/") == ("~/data" as NSString).expandingTildeInPath)
    }
}
