{{%AUTOESCAPE context="HTML"}}{{!
A page in place of a dialog: what exactly will happen to how many? Its layout is WIDE.
  CONFIRM_TITLE     e.g. "Cancel 1 204 waiting operations?"
  CONFIRM_TEXT      include: part_sentence: what matches, none newer than, what follows from it
  EXAMPLES          section: EXAMPLES_TITLE ("Ten of them, oldest last"), and
    EXAMPLE         section, repeated: OPERATION_URL ID_TEXT TARGET KIND AGE_UTC AGE
  ACT_URL CSRF      where the form goes
  KEPT              section, repeated: KEPT_NAME KEPT_VALUE, what the form says besides: act, ids or filters, as_of
  REASON            section: it wants one: REASON_TEXT, as typed before
    REASON_WRONG    section: REASON_ERROR
    REASON_RIGHT    section, else
  COUNTED           section: over 100 are typed: COUNT_DIGITS, COUNT_TYPED
    COUNT_WRONG     section: COUNT_ERROR
  BUTTON_MARK       "go", or "go danger" where work is undone
  BUTTON_WORDS      the act's verb and what it acts on: "Cancel 1 204 operations"
  KEEP_URL KEEP_WORDS   back: "Keep them"
}}<div><h1>{{CONFIRM_TITLE}}</h1><p>{{>CONFIRM_TEXT}}</p></div>
{{#EXAMPLES}}
<table>
<caption>{{EXAMPLES_TITLE}}</caption>
<thead><tr><th scope="col">Id</th><th scope="col">What</th><th scope="col" class="md">Kind</th><th scope="col" class="num">Age</th></tr></thead>
<tbody>
{{#EXAMPLE}}
<tr><td><a href="{{OPERATION_URL}}"><code>{{ID_TEXT}}</code></a></td><th scope="row" class="main">{{TARGET}}</th><td class="md">{{KIND}}</td><td class="num"><time datetime="{{AGE_UTC}}" data-age>{{AGE}}</time></td></tr>
{{/EXAMPLE}}
</tbody>
</table>
{{/EXAMPLES}}
<form method="post" action="{{ACT_URL}}" class="rows">
<input type="hidden" name="_csrf" value="{{CSRF}}">
{{#KEPT}}
<input type="hidden" name="{{KEPT_NAME}}" value="{{KEPT_VALUE}}">
{{/KEPT}}
{{#REASON}}
<div class="field"><label for="why">Reason</label><textarea id="why" name="reason" rows="2" maxlength="500" required{{#REASON_WRONG}} aria-invalid="true" aria-describedby="why-error"{{/REASON_WRONG}}{{#REASON_RIGHT}} aria-describedby="why-hint"{{/REASON_RIGHT}}>{{REASON_TEXT:pre_escape}}</textarea>{{#REASON_WRONG}}<small class="err" id="why-error">{{REASON_ERROR}}</small>{{/REASON_WRONG}}{{#REASON_RIGHT}}<small id="why-hint">Stands in the audit beside your name.</small>{{/REASON_RIGHT}}</div>
{{/REASON}}
{{#COUNTED}}
<div class="field"><label for="count">Type {{COUNT_DIGITS}} to go on</label><input id="count" class="short" name="count" inputmode="numeric" autocomplete="off" value="{{COUNT_TYPED}}" required{{#COUNT_WRONG}} aria-invalid="true" aria-describedby="count-error"{{/COUNT_WRONG}}>{{#COUNT_WRONG}}<small class="err" id="count-error">{{COUNT_ERROR}}</small>{{/COUNT_WRONG}}</div>
{{/COUNTED}}
<div class="acts"><button class="{{BUTTON_MARK}}">{{BUTTON_WORDS}}</button><a class="btn" href="{{KEEP_URL}}">{{KEEP_WORDS}}</a></div>
</form>
