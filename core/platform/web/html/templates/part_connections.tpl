{{%AUTOESCAPE context="HTML"}}{{!
How the repositories of a project stand, which replaces itself while one is at work.
  LIVE              section: PART_URL (with seen=<digest>) POLL_SECONDS
  NONE              section, no names: nothing is connected
  ROWS              section:
    ROW             section, repeated: STATE_MARK STATE REPOSITORY_NAME STATE_TEXT PROGRESS_TEXT, and
      LINKED        section: REPOSITORY_URL
      UNLINKED      section, else
      ACTS          section: for admins: ACT_URL CSRF CONNECTION_KEY, and
        MAY_APPROVE MAY_SYNC MAY_DISCONNECT MAY_CONNECT  sections, no names
}}<div id="connections" class="live"{{#LIVE}} hx-get="{{PART_URL}}" hx-trigger="every {{POLL_SECONDS}}s" hx-swap="outerHTML"{{/LIVE}}>
{{#NONE}}
<p class="soft">No repository is connected: the tasks are of this site alone.</p>
{{/NONE}}
{{#ROWS}}
<table class="stack" role="table" aria-labelledby="repositories">
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">State</th><th scope="col" role="columnheader">Repository</th><th scope="col" class="num" role="columnheader">Done</th><th scope="col" class="num" role="columnheader"><span class="vh">Act</span></th></tr></thead>
<tbody role="rowgroup">
{{#ROW}}
<tr role="row"><td role="cell"><span class="st {{STATE_MARK}}">{{STATE}}</span></td><th scope="row" class="main" role="rowheader">{{#LINKED}}<a href="{{REPOSITORY_URL}}">{{REPOSITORY_NAME}}</a>{{/LINKED}}{{#UNLINKED}}{{REPOSITORY_NAME}}{{/UNLINKED}}<small class="soft">{{STATE_TEXT}}</small></th><td class="num" role="cell">{{PROGRESS_TEXT}}</td><td class="num act" role="cell">{{#ACTS}}<form class="acts" method="post" action="{{ACT_URL}}"><input type="hidden" name="_csrf" value="{{CSRF}}"><input type="hidden" name="connection" value="{{CONNECTION_KEY}}">{{#MAY_APPROVE}}<button class="go" name="act" value="approve">Let it go on<span class="vh">: {{REPOSITORY_NAME}}</span></button>{{/MAY_APPROVE}}{{#MAY_SYNC}}<button class="link" name="act" value="sync">Compare now<span class="vh">: {{REPOSITORY_NAME}}</span></button>{{/MAY_SYNC}}{{#MAY_DISCONNECT}}<button class="link danger" name="act" value="disconnect">Disconnect<span class="vh"> {{REPOSITORY_NAME}}</span></button>{{/MAY_DISCONNECT}}{{#MAY_CONNECT}}<button class="link" name="act" value="reconnect">Connect again<span class="vh">: {{REPOSITORY_NAME}}</span></button>{{/MAY_CONNECT}}</form>{{/ACTS}}</td></tr>
{{/ROW}}
</tbody>
</table>
{{/ROWS}}
</div>
