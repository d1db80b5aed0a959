import type { Report } from '../report';
import { element, errorTable } from './error-table';
import { confusionPlots, curvePlots, forestPlot, type ResponsivePlot } from './plots';

const report: Report = JSON.parse(document.getElementById('report-data')!.textContent!);
const drawings: { plot: ResponsivePlot; place: HTMLElement; width: number }[] = [];

addPlots(
  'summary-plots',
  [
    forestPlot(report, 'stance', 'f1Average', 'Stance: average F1 of favor and against'),
    forestPlot(report, 'toxicity', 'rocAuc', 'Toxicity: ROC-AUC') ??
      forestPlot(report, 'toxicity', 'f1', 'Toxicity: F1'),
  ].filter((plot) => plot !== null),
);
report.evaluations.forEach((evaluation, index) => {
  addPlots(`confusion-${index}`, confusionPlots(evaluation));
  addPlots(`curves-${index}`, curvePlots(evaluation));
  const errors = document.getElementById(`errors-${index}`);
  if (errors) errorTable(evaluation, errors);
});

let pending = 0;
new ResizeObserver(() => {
  cancelAnimationFrame(pending);
  pending = requestAnimationFrame(drawAll);
}).observe(document.body);
drawAll();
document.documentElement.dataset.ready = 'true';

function addPlots(id: string, plots: readonly ResponsivePlot[]): void {
  const container = document.getElementById(id);
  if (!container) return;
  for (const plot of plots) {
    const figure = element('figure', { className: plot.wide ? 'wide' : '' });
    figure.append(element('figcaption', {}, plot.title));
    if (plot.legend && plot.legend.length > 1) {
      const legend = element('div', { className: 'legend' });
      for (const { name, color } of plot.legend) {
        const entry = element('span', {}, name);
        entry.style.setProperty('--swatch', color);
        legend.append(entry);
      }
      figure.append(legend);
    }
    const place = element('div', {});
    figure.append(place);
    container.append(figure);
    drawings.push({ plot, place, width: 0 });
  }
}

function drawAll(): void {
  for (const drawing of drawings) {
    const width = Math.floor(drawing.place.clientWidth);
    if (width === 0 || width === drawing.width) continue;
    drawing.width = width;
    const svg = drawing.plot.draw(width);
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', drawing.plot.title);
    drawing.place.replaceChildren(svg);
  }
}
