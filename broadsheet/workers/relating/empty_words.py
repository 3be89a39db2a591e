"""Words that stand in any abstract, so that two papers that share them share nothing.

Responsible for the list. Not responsible for words that are only common in one library; those are
counted.
"""

from __future__ import annotations

# Words of any abstract, in their folded form.
EMPTY_WORDS = frozenset(
    """
    a about above accuracy accurate achieve achieved achieving across add address addressed
    after aim all also although among an analyse analysi analyze and another answer any
    application applied apply applying approach are art as aspect assess at available average
    based baseline be because become been before being best better between both build but by
    call called can capabilitie capability case challenge challenging code common comparable
    compared comparison competitive complex component comprehensive conduct consider consistent
    consistently contain containing contrast contribution could create created creating crucial
    current dataset demonstrate demonstrated demonstrating depend describe design despite
    develop developed different difficult do doe domain due during each easily effect effective
    effectively effectiveness efficient efficiently either enable enabling ensure equivalent
    especially et etc evaluate evaluation even exhibit existing experiment experimental explore
    extensive fact factor few field finally find finding first fit five focu focusing following
    for found four framework from full further furthermore general generate generated give given
    go good great ha had have having help hence here high higher highly hope how however hundred
    i idea identify if impact implement implementation implemented important improve improved
    improvement improving in inadequate include including increase indicate input insight
    instead into introduce introduced introducing investigate is issue it its itself just key
    known lack landscape large largely larger last lead leading leads less level leverage
    leverages leveraging like limit limitation limited low lower made main mainly make making
    many may method methodology might million more moreover most much multiple must namely
    natural nature necessary need new next no not note novel now number numerou obtain obtained
    of often on one only open or order original other our out outperform outperformed
    outperforming output over overall own paper part particular particularly per perform
    performance performed performing point popular possible potential practical practice present
    presented previou previously prior problem process proficiency propose proposed proposing
    prove provide provided providing public publicly question rather real recent recently reduce
    reduced reducing related rely remain remarkable require required requiring research
    respectively result resulting reveal robust robustness s second seen set several show
    showing shown significant significantly similar simple simply since single size small so
    solution solve some specific specifically still strong studie study such suggest superior
    support task technique ten than that the their them then there therefore these they thi
    third this those three through thu thus time to together too top topic toward traditional
    two type typical typically under understand understanding unlike up upper us use used useful
    user using usually utilize utilizing validate variou vary very via wa we well were what when
    where whether which while who whose wide widely will with within without work world would
    year yet you zero
    """.split()
)
