/// Colours that people with any colour vision tell apart, ordered so that the first ones stand
/// out on white and on black alike.
///
/// After Okabe & Ito 2008; the blue is lightened for dark pages, the orange darkened for light ones.
package enum Palette {
    package static let series = ["#1A80C4", "#D55E00", "#00926B", "#B5649A"]

    /// Grey that reads on a light and on a dark page (4:1 on either).
    package static let neutral = "#808080"

    /// From few to many, light to dark; every step also differs in lightness.
    package static let sequence = ["#EEF4FA", "#9CC6E3", "#3F8FC4", "#08456F"]

    package static func colour(_ index: Int) -> String { series[index % series.count] }

    /// Dashes that tell the series apart without any colour: lengths on and off in pixels.
    package static let dashes: [[Int]] = [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 2], [1, 2], [12, 6]]

    package static func dash(_ index: Int) -> [Int] { dashes[index % dashes.count] }
}
