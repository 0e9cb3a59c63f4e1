import Diagnostics
import Foundation

/// How a number is written for a person; the same in every locale.
package enum NumberStyle: Sendable, Hashable {
    /// Whole numbers grouped in thousands, others with four significant digits.
    case automatic
    /// Digits only, never grouped: seeds, row numbers, years.
    case ungrouped
    /// So many decimals: `fixed(3)` writes 0.967.
    case fixed(Int)
    /// A share of one as a percentage with so many decimals: `percent(1)` writes 96.7%.
    case percent(Int)
    /// So many significant digits, also of small numbers: `significant(3)` writes 0.472, 0.00183, 12.3.
    case significant(Int)
    /// So many decimals and an exponent: `scientific(1)` writes 5.0e-04.
    case scientific(Int)
    /// A count of bytes, as 12.8 MB.
    case bytes
    /// A count of seconds, as 4 min 05 s, 1.9 s or 12 ms.
    case seconds

    package func text(_ number: Double) -> String {
        guard number.isFinite else { return number.isNaN ? "not a number" : number > 0 ? "∞" : "-∞" }
        switch self {
        case .automatic: return automatic(number)
        case .ungrouped: return number == number.rounded() ? format("%.0f", number) : format("%g", number)
        case .fixed(let decimals): return grouped(format("%.\(decimals)f", number))
        case .percent(let decimals): return format("%.\(decimals)f", number * 100) + "%"
        case .significant(let digits): return significant(number, digits)
        case .scientific(let decimals): return format("%.\(decimals)e", number)
        case .bytes: return bytes(number)
        case .seconds: return seconds(number)
        }
    }

    private func format(_ pattern: String, _ number: Double) -> String {
        let text = String(format: pattern, number)
        let isZero = !text.contains { ("1"..."9").contains($0) }
        return isZero && text.hasPrefix("-") ? String(text.dropFirst()) : text
    }

    private func automatic(_ number: Double) -> String {
        if number == number.rounded(), abs(number) < 1e15 { return grouped(format("%.0f", number)) }
        let size = abs(number)
        if size >= 1000, size < 1e15 { return grouped(format("%.1f", number)) }
        return format("%.4g", number)
    }

    /// Zeros at the end stay, so that a column of losses is even; from 100,000 and below 0.0001 with an exponent.
    private func significant(_ number: Double, _ digits: Int) -> String {
        guard number != 0 else { return "0" }
        let size = abs(number)
        if size < 0.0001 || size >= 100_000 { return format("%.\(digits - 1)e", number) }
        let rounded = Double(format("%.\(digits - 1)e", number)) ?? number
        let decimals = max(0, digits - 1 - Int(floor(log10(abs(rounded)))))
        return grouped(format("%.\(decimals)f", rounded))
    }

    /// Thousands set apart by commas, from 1,000 on.
    private func grouped(_ text: String) -> String {
        let sign = text.hasPrefix("-") ? "-" : ""
        let parts = text.dropFirst(sign.count).split(separator: ".", maxSplits: 1)
        guard let whole = parts.first, whole.count > 3 else { return text }
        return sign + whole.groupedDigits + (parts.count > 1 ? ".\(parts[1])" : "")
    }

    private func bytes(_ number: Double) -> String {
        var size = number
        for unit in ["B", "kB", "MB", "GB"] {
            if abs(size) < 999.5 || unit == "GB" {
                return format(unit == "B" || abs(size) >= 100 ? "%.0f" : "%.1f", size) + " \(unit)"
            }
            size /= 1000
        }
        return format("%.0f B", number)
    }

    private func seconds(_ number: Double) -> String {
        guard number >= 0 else { return "-" + seconds(-number) }
        if number > 0, number < 0.0995 { return number < 0.0005 ? "<1 ms" : format("%.0f ms", number * 1000) }
        if number < 9.95 { return format("%.1f s", number) }
        let whole = Int(min(number.rounded(), 1e15))
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
        return "\(whole / 3600) h \(twoDigits(whole / 60 % 60)) min"
    }

    private func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
