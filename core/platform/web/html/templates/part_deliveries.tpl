{{%AUTOESCAPE context="HTML"}}{{!
The table of deliveries, which replaces itself while it is live.
  LIVE              section: PART_URL (with seen=<digest>) POLL_SECONDS
  EMPTY             section: EMPTY_TEXT says why and what to do next
  ROWS              section: there are some:
    ROW             section, repeated, newest first: VERDICT_MARK VERDICT, DELIVERY_URL EVENT DELIVERY_TEXT ("ada/notes,
                    by ada"), include MADE: part_sentence, ANSWERED ("6 ms"), RECEIVED_UTC RECEIVED
  BACK_TO           section: the list was bounded: BACK_UTC BACK
  OLDER             section: OLDER_URL
  NEWEST            section: it is not the first page: NEWEST_URL
}}<div id="deliveries-list" class="live"{{#LIVE}} hx-get="{{PART_URL}}" hx-trigger="every {{POLL_SECONDS}}s" hx-swap="outerHTML"{{/LIVE}}>
{{#EMPTY}}
<p class="soft">{{EMPTY_TEXT}}</p>
{{/EMPTY}}
{{#ROWS}}
<table class="stack" role="table">
<caption class="vh">Deliveries, newest first</caption>
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Verdict</th><th scope="col" role="columnheader">Event</th><th scope="col" class="md" role="columnheader">Made</th><th scope="col" class="num lo" role="columnheader">Answered in</th><th scope="col" class="num" role="columnheader">Received</th></tr></thead>
<tbody role="rowgroup">
{{#ROW}}
<tr role="row"><td role="cell"><span class="st {{VERDICT_MARK}}">{{VERDICT}}</span></td><th scope="row" class="main" role="rowheader"><a href="{{DELIVERY_URL}}">{{EVENT}}</a><small class="soft">{{DELIVERY_TEXT}}</small></th><td class="md" role="cell">{{>MADE}}</td><td class="num lo" role="cell">{{ANSWERED}}</td><td class="num age" role="cell"><time datetime="{{RECEIVED_UTC}}">{{RECEIVED}}</time></td></tr>
{{/ROW}}
</tbody>
</table>
{{/ROWS}}
<nav aria-label="Pages" class="line">{{#BACK_TO}}<span class="soft">Back to <time datetime="{{BACK_UTC}}">{{BACK}}</time></span>{{/BACK_TO}}{{#NEWEST}}<a href="{{NEWEST_URL}}">Newest</a>{{/NEWEST}}{{#OLDER}}<a href="{{OLDER_URL}}">Older</a>{{/OLDER}}</nav>
</div>
