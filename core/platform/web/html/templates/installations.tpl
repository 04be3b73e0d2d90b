{{%AUTOESCAPE context="HTML"}}{{!
Where the GitHub App is installed, as far as the reader may see it.
  INSTALLATIONS_TEXT  include: part_sentence
  ROWS              section:
    ROW             section, repeated: STATE_MARK STATE ACCOUNT_NAME ACCOUNT_TEXT MISSING_TEXT REPOSITORY_TEXT BUDGET_TEXT
}}<div class="head"><div><h1>Installations</h1><p>{{>INSTALLATIONS_TEXT}}</p></div></div>
{{#ROWS}}
<table class="stack" role="table">
<caption class="vh">Installations of the GitHub App</caption>
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">State</th><th scope="col" role="columnheader">Account</th><th scope="col" role="columnheader">Missing permissions</th><th scope="col" role="columnheader">Connected repositories</th><th scope="col" class="num" role="columnheader">Requests left</th></tr></thead>
<tbody role="rowgroup">
{{#ROW}}
<tr role="row"><td role="cell"><span class="st {{STATE_MARK}}">{{STATE}}</span></td><th scope="row" class="main" role="rowheader">{{ACCOUNT_NAME}}<small class="soft">{{ACCOUNT_TEXT}}</small></th><td role="cell">{{MISSING_TEXT}}</td><td role="cell">{{REPOSITORY_TEXT}}</td><td class="num" role="cell">{{BUDGET_TEXT}}</td></tr>
{{/ROW}}
</tbody>
</table>
{{/ROWS}}
