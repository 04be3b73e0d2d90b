{{%AUTOESCAPE context="HTML"}}{{!
A chart: shapes in an SVG that stretches, words in HTML, the same numbers as a table; fill_chart() fills it.
}}<figure>
<section aria-labelledby="c-{{CHART_ID}}">
<header><h2 id="c-{{CHART_ID}}">{{CHART_TITLE}}</h2><span class="soft">{{CHART_NOTE}}</span></header>
<div class="plot">
<ol class="y" aria-hidden="true">{{#Y_LABEL}}<li>{{Y_TEXT}}</li>{{/Y_LABEL}}</ol>
<svg viewBox="0 0 600 120" preserveAspectRatio="none" role="img" aria-label="{{CHART_SUMMARY}}"><path class="g" d="M0 0H600M0 60H600M0 120H600"/>{{#BAR}}<rect class="{{BAR_CLASS}}" x="{{BAR_X}}" y="{{BAR_Y}}" width="{{BAR_WIDTH}}" height="{{BAR_HEIGHT}}"/>{{/BAR}}{{#LINE}}<path class="{{LINE_CLASS}}" d="{{LINE_PATH}}"/>{{/LINE}}{{#TIP}}<rect class="hit" x="{{TIP_X}}" y="0" width="{{TIP_WIDTH}}" height="120"><title>{{TIP_TEXT}}</title></rect>{{/TIP}}</svg>
<ol class="x" aria-hidden="true">{{#X_LABEL}}<li>{{X_TEXT}}</li>{{/X_LABEL}}</ol>
</div>
<ul class="legend">{{#SERIES}}<li>{{#AS_BAR}}<svg viewBox="0 0 20 10" aria-hidden="true"><rect class="{{SERIES_CLASS}}" x="4" y="0" width="10" height="10"/></svg>{{/AS_BAR}}{{#AS_LINE}}<svg viewBox="0 0 20 10" aria-hidden="true"><path class="{{SERIES_CLASS}}" d="M0 5H20"/></svg>{{/AS_LINE}}{{SERIES_NAME}}</li>{{/SERIES}}</ul>
<details><summary>As a table</summary>
<table>
<caption class="vh">{{CHART_TITLE}}</caption>
<thead><tr><th scope="col">{{LABEL_HEAD}}</th>{{#SERIES}}<th scope="col" class="num">{{SERIES_NAME}}</th>{{/SERIES}}</tr></thead>
<tbody>
{{#POINT}}
<tr><th scope="row">{{POINT_LABEL}}</th>{{#POINT_VALUE}}<td class="num">{{VALUE_TEXT}}</td>{{/POINT_VALUE}}</tr>
{{/POINT}}
</tbody>
</table>
</details>
</section>
</figure>
