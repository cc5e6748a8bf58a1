"""Reads the world and judges it; knows no Telegram, no chat, no settings.

The way of one item, from a source to an alert that waits for its chats:

    runner.run:                                     # who is due, by the table of sources
        polled = poll(source)                       # fetch (conditional, guarded) → parse → further pages
        recorder.submit(source, polled)
    recorder.run:                                   # the one writer; a batch of readings is one transaction
        known     = articles.known(keys of the items)
        decisions = decide(source, polled, known, matcher, now)
            item known, unchanged   → nothing
            item known, changed     → Edited
            item new                → Fresh: fold → match → passage → sentiment; an alert, unless first sight
            and the source's next poll (schedule)
        recording.record(decisions)                 # articles, index, mentions, alerts, poll states: all or nothing
        on_alerts()                                 # bot/deliver.py wakes: fanout.py makes deliveries of alerts, and they are sent
        doubt(each new mention)                     # refine.py: a second opinion within seconds, which edits what was sent
    fulltext.run:                                   # afterwards, where a source wants it
        recorder.submit(source, the text of an article's page)

What comes by itself goes the same way: live connections (streams.py), posts of other tools (hooks.py) and hubs (websub.py),
both behind the one listener (listening.py).

roster.py keeps the matcher in step with the trackers; scout.py looks at sources before they are watched.
"""
