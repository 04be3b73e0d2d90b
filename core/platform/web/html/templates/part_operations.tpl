{{%AUTOESCAPE context="HTML"}}{{!
The table of operations, which replaces itself while it is live.
  LIVE              section: PART_URL POLL_SECONDS; PART_URL holds seen=<digest>
  EMPTY             section: there is none: EMPTY_TEXT says why and what to do next
  ROWS              section: there are some:
    ACT_URL         where the form of the selection goes; CSRF AS_OF_NUMBER, the newest arrival shown in microseconds
    KEPT            section, repeated: KEPT_NAME KEPT_VALUE, the filters
    MAY_ACT         section: the reader may replay and cancel
    ROW             section, repeated, newest first: OPERATION_URL ID TARGET KIND STEP ATTEMPT
                    STATE_MARK STATE AGE_UTC AGE TOOK (texts; "–" for none)
      PICK          section: the reader may act on it
      WHY           section: it has an error: ERROR_TEXT ERROR_CODE
    ALL             section: all that match can be meant: ALL_TEXT, e.g. "all 17 that match"; AS_OF_UTC AS_OF
    MAY_APPROVE     section: some row is held
  BACK_TO           section: the list was bounded: BACK_UTC BACK
  OLDER             section: OLDER_URL
  NEWEST            section: it is not the first page: NEWEST_URL
}}<div id="operations-list" class="live"{{#LIVE}} hx-get="{{PART_URL}}" hx-trigger="every {{POLL_SECONDS}}s" hx-swap="outerHTML"{{/LIVE}}>
{{#EMPTY}}
<p class="soft">{{EMPTY_TEXT}}</p>
{{/EMPTY}}
{{#ROWS}}
<form method="post" action="{{ACT_URL}}" data-selection>
<input type="hidden" name="_csrf" value="{{CSRF}}">
<input type="hidden" name="as_of" value="{{AS_OF_NUMBER}}">
{{#KEPT}}
<input type="hidden" name="{{KEPT_NAME}}" value="{{KEPT_VALUE}}">
{{/KEPT}}
<table class="stack" role="table">
<caption class="vh">Operations, newest first</caption>
<thead role="rowgroup"><tr role="row">{{#MAY_ACT}}<td class="pick" role="cell"><input type="checkbox" hidden data-pick-all aria-label="Select all that are shown"></td>{{/MAY_ACT}}<th scope="col" role="columnheader">State</th><th scope="col" role="columnheader">What</th><th scope="col" class="lo" role="columnheader">Kind</th><th scope="col" class="md" role="columnheader">Step</th><th scope="col" class="num md" role="columnheader">Attempt</th><th scope="col" class="num" role="columnheader">Age</th><th scope="col" class="num lo" role="columnheader">Took</th></tr></thead>
<tbody role="rowgroup">
{{#ROW}}
<tr role="row">{{#MAY_ACT}}<td class="pick" role="cell">{{#PICK}}<input type="checkbox" name="id" value="{{ID}}" aria-label="Select {{TARGET}}, {{STATE}} {{AGE}}">{{/PICK}}</td>{{/MAY_ACT}}<td role="cell"><span class="st {{STATE_MARK}}">{{STATE}}</span></td><th scope="row" class="main" role="rowheader"><a href="{{OPERATION_URL}}">{{TARGET}}</a>{{#WHY}}<small><span class="err">{{ERROR_TEXT}}</span> <code>{{ERROR_CODE}}</code></small>{{/WHY}}</th><td class="lo" role="cell">{{KIND}}</td><td class="md" role="cell">{{STEP}}</td><td class="num md" role="cell">{{ATTEMPT}}</td><td class="num age" role="cell"><time datetime="{{AGE_UTC}}" data-age>{{AGE}}</time></td><td class="num lo" role="cell">{{TOOK}}</td></tr>
{{/ROW}}
</tbody>
</table>
{{#MAY_ACT}}
<div class="bulk" role="group" aria-label="Selection">
<strong data-count aria-live="polite">Selected</strong>
<label class="soft"><input type="radio" name="scope" value="selection" checked> the selected ones</label>
{{#ALL}}
<label class="soft"><input type="radio" name="scope" value="all"> {{ALL_TEXT}}, none newer than <time datetime="{{AS_OF_UTC}}">{{AS_OF}}</time></label>
{{/ALL}}
<div class="acts"><button name="act" value="replay">Replay…</button>{{#MAY_APPROVE}}<button name="act" value="approve">Approve…</button>{{/MAY_APPROVE}}<button class="danger" name="act" value="cancel">Cancel…</button></div>
</div>
{{/MAY_ACT}}
</form>
{{/ROWS}}
<nav aria-label="Pages" class="line">{{#BACK_TO}}<span class="soft">Back to <time datetime="{{BACK_UTC}}">{{BACK}}</time></span>{{/BACK_TO}}{{#NEWEST}}<a href="{{NEWEST_URL}}">Newest</a>{{/NEWEST}}{{#OLDER}}<a href="{{OLDER_URL}}">Older</a>{{/OLDER}}</nav>
</div>
