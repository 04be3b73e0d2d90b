{{%AUTOESCAPE context="HTML"}}{{!
How a task stands with GitHub, which replaces itself until it is at rest.
  LIVE              section: PART_URL (with seen=<digest>) POLL_SECONDS
  SYNC_MARK SYNC_STATE
  SYNC_TEXT         include: part_sentence, e.g. "waits to be sent to GitHub, 3 go before it"
}}<div class="line" id="sync" role="status"{{#LIVE}} hx-get="{{PART_URL}}" hx-trigger="every {{POLL_SECONDS}}s" hx-swap="outerHTML"{{/LIVE}}><span class="st {{SYNC_MARK}}">{{SYNC_STATE}}</span><span>{{>SYNC_TEXT}}</span></div>
