// The data_visualization block, which @slack/types 3.2.0 does not know yet, after the limits that Slack documents
// (docs.slack.dev/reference/block-kit/blocks/data-visualization-block). Types know no lengths; slacktest checks those.
interface Point {
  label: string;
  value: number;
}

interface Cartesian {
  type: 'bar' | 'line' | 'area';
  series: [Series, ...Series[]];
  axis_config: { categories: [string, ...string[]]; x_label?: string; y_label?: string };
}

interface Series {
  name: string;
  data: [Point, ...Point[]];
}

interface Pie {
  type: 'pie';
  segments: [Point, ...Point[]];
}

export interface Chart {
  type: 'data_visualization';
  block_id?: string;
  title: string;
  chart: Cartesian | Pie;
}
