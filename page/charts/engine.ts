import { BarChart, CustomChart, LineChart, LinesChart, ParallelChart, ScatterChart } from "echarts/charts";
import {
  DataZoomInsideComponent,
  DataZoomSliderComponent,
  GridComponent,
  LegendPlainComponent,
  MarkAreaComponent,
  MarkLineComponent,
  ParallelComponent,
  TitleComponent,
  TooltipComponent,
} from "echarts/components";
import { use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

/** The parts of ECharts that the pictures need, and no others: they are most of the page's size. */
use([
  BarChart,
  CustomChart,
  LineChart,
  LinesChart,
  ParallelChart,
  ScatterChart,
  DataZoomInsideComponent,
  DataZoomSliderComponent,
  GridComponent,
  LegendPlainComponent,
  MarkAreaComponent,
  MarkLineComponent,
  ParallelComponent,
  TitleComponent,
  TooltipComponent,
  SVGRenderer,
]);

export { init, use, type EChartsType } from "echarts/core";
