{{%AUTOESCAPE context="HTML"}}{{!
One delivery: what it made, what it said.
  DELIVERIES_URL    back to the list
  DELIVERY_TITLE    e.g. "push of ada/notes"
  VERDICT_MARK VERDICT   set_state()
  DELIVERY_TEXT     include: part_sentence, e.g. "received 13:41:02 UTC, answered 202 in 6 ms"
  MAY_REPLAY        section: ACT_URL CSRF
  PAYLOAD_LINK      section: the body is kept: PAYLOAD_URL, the attachment
  MADE              section: it made something:
    MADE_ROW        section, repeated: STATE_MARK STATE OPERATION_URL OPERATION_TITLE OPERATION_TEXT TOOK
  MADE_NOTHING      section: MADE_TEXT says why
  PAYLOAD           section: PAYLOAD_NOTE ("7.1 KB, application/json"), PAYLOAD_TEXT, at most 256 KiB
    CUT             section: that is not all: CUT_TEXT
  NO_PAYLOAD        section: NO_PAYLOAD_TEXT says why it is not kept
  HEADERS           section:
    HEADER          section, repeated: HEADER_NAME HEADER_VALUE
  FACTS             include: part_facts
  AGAIN             include: part_sentence, when it was sent again
}}<div class="head">
<div><p class="crumb"><a href="{{DELIVERIES_URL}}">Deliveries</a></p><h1>{{DELIVERY_TITLE}}</h1><div class="line"><span class="st {{VERDICT_MARK}}">{{VERDICT}}</span><span>{{>DELIVERY_TEXT}}</span></div></div>
<div class="acts">{{#MAY_REPLAY}}<form method="post" action="{{ACT_URL}}"><input type="hidden" name="_csrf" value="{{CSRF}}"><button name="act" value="replay">Replay delivery</button></form>{{/MAY_REPLAY}}{{#PAYLOAD_LINK}}<a class="btn" href="{{PAYLOAD_URL}}" download>Download payload</a>{{/PAYLOAD_LINK}}</div>
</div>
<div class="aside">
<div>
<section aria-labelledby="made">
<h2 id="made">What it made</h2>
{{#MADE_NOTHING}}
<p class="soft">{{MADE_TEXT}}</p>
{{/MADE_NOTHING}}
{{#MADE}}
<table aria-labelledby="made">
<thead><tr><th scope="col">State</th><th scope="col">Operation</th><th scope="col" class="num">Took</th></tr></thead>
<tbody>
{{#MADE_ROW}}
<tr><td><span class="st {{STATE_MARK}}">{{STATE}}</span></td><th scope="row" class="main"><a href="{{OPERATION_URL}}">{{OPERATION_TITLE}}</a><small class="soft">{{OPERATION_TEXT}}</small></th><td class="num">{{TOOK}}</td></tr>
{{/MADE_ROW}}
</tbody>
</table>
{{/MADE}}
</section>
<section aria-labelledby="payload">
<header><h2 id="payload">Payload</h2>{{#PAYLOAD}}<span class="soft">{{PAYLOAD_NOTE}}</span>{{/PAYLOAD}}</header>
{{#NO_PAYLOAD}}
<p class="soft">{{NO_PAYLOAD_TEXT}}</p>
{{/NO_PAYLOAD}}
{{#PAYLOAD}}
<pre tabindex="0" role="region" aria-label="Payload as text">{{PAYLOAD_TEXT:pre_escape}}</pre>
{{#CUT}}
<p class="soft">{{CUT_TEXT}}</p>
{{/CUT}}
{{/PAYLOAD}}
</section>
{{#HEADERS}}
<section aria-labelledby="headers">
<h2 id="headers">Headers</h2>
<dl class="kv">
{{#HEADER}}
<dt>{{HEADER_NAME}}</dt><dd><code>{{HEADER_VALUE}}</code></dd>
{{/HEADER}}
</dl>
</section>
{{/HEADERS}}
</div>
<div>
<section aria-labelledby="facts">
<h2 id="facts">Request</h2>
<dl class="kv">
{{>FACTS}}
</dl>
</section>
<section aria-labelledby="again"><h2 id="again">Sent again</h2><p class="soft">{{>AGAIN}}</p></section>
</div>
</div>
