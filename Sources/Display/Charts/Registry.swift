/// Every kind of chart.
package enum ChartRegistry {
    package static let all: [any Chart.Type] = [
        LineChart.self,
        BarChart.self,
        Histogram.self,
        Heatmap.self,
        ScatterChart.self,
    ]
}
