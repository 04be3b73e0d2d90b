{{%AUTOESCAPE context="HTML"}}{{!
How fresh is each repository?
  MIRROR_TEXT       include: part_sentence, e.g. "Three of seven have a working hook; one is being loaded."
  MAY_FETCH         section: ACT_URL CSRF: fetch one's list of repositories
  PROBLEM           section, repeated: PROBLEM_MARK PROBLEM_TITLE, include PROBLEM_TEXT: part_sentence
  LOAD              include, repeated: part_load, each replaces itself
  EMPTY             section: include EMPTY_TEXT: part_sentence
  ROWS              section: ROWS_TITLE ACT_URL CSRF, where the form goes: on=, off=, load=<owner/name>
    ROW             section, repeated: HOOK_MARK HOOK REPOSITORY_URL REPOSITORY REPOSITORY_TEXT BY_WEBHOOK BY_API SCANNED (ages,
                    or "never") ROW_COUNT
      ACT           section: ACT_NAME ("on", "off" or "load") ACT_WORDS
  OLDER             section: OLDER_URL
}}<div class="head"><div><h1>Mirror</h1><p>{{>MIRROR_TEXT}}</p></div>{{#MAY_FETCH}}<form class="acts" method="post" action="{{ACT_URL}}"><input type="hidden" name="_csrf" value="{{CSRF}}"><button name="act" value="repositories">Sync repos from GitHub</button></form>{{/MAY_FETCH}}</div>
{{#PROBLEM}}
<div class="note {{PROBLEM_MARK}}"><h2>{{PROBLEM_TITLE}}</h2><p>{{>PROBLEM_TEXT}}</p></div>
{{/PROBLEM}}
{{>LOAD}}
{{#EMPTY}}
<p class="soft">{{>EMPTY_TEXT}}</p>
{{/EMPTY}}
{{#ROWS}}
<form method="post" action="{{ACT_URL}}">
<input type="hidden" name="_csrf" value="{{CSRF}}">
<table class="stack" role="table">
<caption>{{ROWS_TITLE}}</caption>
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Hook</th><th scope="col" role="columnheader">Repository</th><th scope="col" class="num" role="columnheader">By webhook</th><th scope="col" class="num md" role="columnheader">By API</th><th scope="col" class="num lo" role="columnheader">Full scan</th><th scope="col" class="num md" role="columnheader">Rows</th><th scope="col" class="num" role="columnheader"><span class="vh">Act</span></th></tr></thead>
<tbody role="rowgroup">
{{#ROW}}
<tr role="row"><td role="cell"><span class="st {{HOOK_MARK}}">{{HOOK}}</span></td><th scope="row" class="main" role="rowheader"><a href="{{REPOSITORY_URL}}">{{REPOSITORY}}</a><small class="soft">{{REPOSITORY_TEXT}}</small></th><td class="num age" role="cell">{{BY_WEBHOOK}}</td><td class="num md" role="cell">{{BY_API}}</td><td class="num lo" role="cell">{{SCANNED}}</td><td class="num md" role="cell">{{ROW_COUNT}}</td><td class="num act" role="cell">{{#ACT}}<button name="{{ACT_NAME}}" value="{{REPOSITORY}}">{{ACT_WORDS}}<span class="vh"> for {{REPOSITORY}}</span></button> {{/ACT}}</td></tr>
{{/ROW}}
</tbody>
</table>
</form>
<p class="soft">Ages say when a row was last heard of by that way. A row that is older than its repository’s full scan is removed at GitHub, or about to be.</p>
{{/ROWS}}
{{#OLDER}}
<nav aria-label="Pages" class="line"><a href="{{OLDER_URL}}">More</a></nav>
{{/OLDER}}
