/// Every kind of chart.
package enum ChartRegistry {
    package static let all: [any Chart.Type] = [
        LossChart.self,
        LineChart.self,
        BarChart.self,
        Histogram.self,
        Heatmap.self,
        ScatterChart.self,
        ReliabilityChart.self,
    ]
}
