{{%AUTOESCAPE context="HTML"}}{{!
A page of tracked users, which replaces itself while one of them is scanned.
  LIVE              section: PART_URL (with seen=<digest>) POLL_SECONDS
  ROWS              section:
    ROW             section, repeated: STATE_MARK STATE USER_URL LOGIN USER_TEXT GIST_COUNT SCANNED NEXT, and
      MAY_SCAN      section: SCAN_URL CSRF
}}<div id="tracked" class="live"{{#LIVE}} hx-get="{{PART_URL}}" hx-trigger="every {{POLL_SECONDS}}s" hx-swap="outerHTML"{{/LIVE}}>
{{#ROWS}}
<table class="stack" role="table" aria-labelledby="list">
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">State</th><th scope="col" role="columnheader">User</th><th scope="col" class="num md" role="columnheader">Gists</th><th scope="col" class="num" role="columnheader">Scanned</th><th scope="col" class="num lo" role="columnheader">Next</th><th scope="col" class="num" role="columnheader"><span class="vh">Act</span></th></tr></thead>
<tbody role="rowgroup">
{{#ROW}}
<tr role="row"><td role="cell"><span class="st {{STATE_MARK}}">{{STATE}}</span></td><th scope="row" class="main" role="rowheader"><a href="{{USER_URL}}">{{LOGIN}}</a><small class="soft">{{USER_TEXT}}</small></th><td class="num md" role="cell">{{GIST_COUNT}}</td><td class="num age" role="cell">{{SCANNED}}</td><td class="num lo" role="cell">{{NEXT}}</td><td class="num act" role="cell">{{#MAY_SCAN}}<form method="post" action="{{SCAN_URL}}"><input type="hidden" name="_csrf" value="{{CSRF}}"><input type="hidden" name="from" value="list"><button class="link" name="act" value="scan">Scan now<span class="vh">: {{LOGIN}}</span></button></form>{{/MAY_SCAN}}</td></tr>
{{/ROW}}
</tbody>
</table>
{{/ROWS}}
</div>
