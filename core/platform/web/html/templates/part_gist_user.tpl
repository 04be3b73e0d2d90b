{{%AUTOESCAPE context="HTML"}}{{!
How the scans of one user do, which replaces itself while one waits or runs.
  LIVE              section: PART_URL (with seen=<digest>) POLL_SECONDS
  STATE_MARK STATE  set_state(): new, active, missing, off, scanning
  SCAN_TEXT         include: part_sentence, e.g. "scanned 14:02:10, next at 17:04"
  COUNT_TEXT        "38 gists, 51 files"
}}<div class="line" id="scan"{{#LIVE}} hx-get="{{PART_URL}}" hx-trigger="every {{POLL_SECONDS}}s" hx-swap="outerHTML"{{/LIVE}}><span class="st {{STATE_MARK}}">{{STATE}}</span><span>{{>SCAN_TEXT}}</span><span>{{COUNT_TEXT}}</span></div>
