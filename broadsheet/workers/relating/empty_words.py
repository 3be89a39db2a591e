"""Words that tell nobody what two papers share.

Responsible for the lists. Not responsible for words that are only common in one library; those are
counted.
"""

from __future__ import annotations

# Words of any abstract: function words, and the verbs, adverbs and nouns in which research is
# told. They are no part of a reason. A verb stands for its forms too (`says_nothing`).
EMPTY_WORDS = frozenset(
    """
    a about above abstract accompany accordingly account accuracy accurate achieve acquire
    across act actual actually ad-hoc adapt add addition additional additionally address
    adequate adjust adopt advance advancement advantage affect afford after afterwards again
    against agnostic ago aid aim al albeit align alike all alleviate allow almost alone
    along alongside already also alter alternative alternatively although altogether always
    ambitious among amongst amount ample an analogous analyse analysis analyze and another
    answer any anyone anything anyway apart apparent apparently appear appendix applicable
    application apply appreciate approach appropriate approximately are area arguably argue
    arise arm around arrive art article as ascertain aside ask aspect assert assess
    assessment assign assist associate assume assumption at attain attempt attribute author
    automatically available average avoid aware away back bad bar barely base baseline basic
    basically basis be bear beat became because become becomes been before began begin begun
    behave behind being believe belong below benchmark beneath beneficial benefit besides
    best better between beyond big billion both bottleneck bound break breaking brief
    briefly bring broad broader broadly brought build built bulk burden but by call came can
    candidate cannot capability capable capture careful carefully carry case cast catch
    cause caution center central certain certainly cf challenge change characteristic
    characterize check choice choose chose chosen circumstance circumvent cite claim clarify
    clear clearly close closely coarse collect collectively com combine come commence
    comment commit common commonly comparable comparative compare comparison compatible
    compelling compensate compete competitive complete completely complex complexity comply
    component compose comprehensive comprehensively comprise compromise computationally
    conceive concept conceptual concern conclude conclusion concrete concurrent concurrently
    conduct confer confirm confront connect consequence consequently consider considerable
    considerably consideration consist consistency consistent consistently constitute
    construct consume contain contemporary contend contrary contrast contribute contribution
    convenient conventional conventionally convert convey convincing cope core correct
    correctly correspond correspondingly costly could count counterpart couple course cover
    coverage create creation criteria criterion critical critically crucial crucially
    culminate cumbersome curate current currently cut cutting-edge dataset date de deal
    decade decide decline decouple deep deeper deeply define definitely definition degrade
    degree deliver delve demand demo demonstrate demonstration denote depend dependent
    deploy derive describe description deserve desirable desire despite detail determine
    detrimental develop development deviate devise diagnose did differ difference different
    differentiate differently difficult difficulty diminish direct direction directly
    disadvantage discover discovery discuss discussion display distinct distinctive
    distinguish diverse diversity divide do document doe does doing domain dominant dominate
    done doubt down downside dramatic dramatically drastic drastically draw drawback drawn
    drive driven drop due during dynamically each eager earlier early earn ease easier
    easily easy effect effective effectively effectiveness efficacy efficiency efficient
    efficiently effort effortlessly eg eight either elaborate element eleven elicit
    eliminate else elsewhere elucidate embark embody emerge emergence emphasis emphasize
    empirical empirically employ empower enable encompass encounter encourage end end-to-end
    endeavor endow enforce engage enhance enhancement enjoy enormous enough enrich ensue
    ensure entail entire entirely environment envision equal equally equip equivalent
    especially essence essential essentially establish estimate et etc evaluate evaluation
    even eventually ever every everything evidence evident evolve exact exactly examine
    example exceed excel excellent except exceptional exceptionally excessive exciting
    exclude exclusive exclusively execute exemplify exhaustive exhibit exist existence
    expand expect expectation expensive experience experiment experimental experimentally
    explain explicit explicitly exploit exploration explore expose express extend extension
    extensive extensively extent extra extract extraordinary extreme extremely facet
    facilitate fact facto factor fail fair fairly fall familiar famous far fast faster favor
    favorable feasibility feasible fell few fewer fifth fifty figure file fill final finally
    find fine fine-grained finer first first-ever firstly fit five fix flexibility flexible
    flexibly focus follow for force foremost form formal formally format former formulate
    formulation forth forward foster found foundation foundational four fourth framework
    free freely frequent frequently from front fulfill full fully fundamental fundamentally
    further furthermore future gain gap garner gather gave general generalizable generally
    generate generic genuine get github give given glance go goal going good got govern
    gradual gradually grand grasp great greater greatly grind ground groundbreaking grow
    growth guarantee guide guideline had half hallmark hamper hand-crafted handle happen
    hard harder hardly harness has have having he heavily heavy held help helpful hence her
    here herein high high-quality higher highest highlight highly hinder hint his hitherto
    hold holistic hope hour how however http https huge hundred hurdle hurt i idea ideal
    ideally identical identification identify ie if ignore ill illuminate illustrate imagine
    immediate immediately immense impact impede imperative implement implementation
    implication implicit implicitly imply import importance important importantly impose
    impossible impressive impressively improve improvement in in-depth inability inadequate
    inadvertently include inclusion incorporate incorrect increase increasingly incur indeed
    independent independently indicate indicator indispensable individual individually
    ineffective inefficient inevitable inevitably infeasible influence inform informative
    inherent inherently initial initially initiate innovate innovation innovative input
    inside insight insightful inspect inspire instance instantiate instead insufficient
    intact integrate integration intend intense intensive interest interestingly
    intermediate internal interplay into intricate intrinsic intrinsically introduce
    introduction intuition intuitive intuitively invaluable investigate investigation invoke
    involve io irrespective is isolate issue it item its itself join joint jointly judge
    just justify keen keep kept key kind knew know known lack landscape large large-scale
    largely larger largest last lastly late later latest latter launch lay lead leap least
    leave led left length less lesser let leverage lie lies lightweight like likely likewise
    limit limitation link little live local long long-standing longer look lose lost lot low
    low-cost lower lowest made magnitude main mainly maintain major majority make making
    manage manifest manner manual manually many mark marked markedly massive match material
    matter mature maximal maximize may maybe mean meaningful meaningfully means meanwhile
    measure meet mention mere merely merit met method methodology meticulous meticulously
    might million mind minimal minimally minimize minor mirror miss mitigate mode moderate
    modern modest modification modify month more moreover most mostly motivate motivation
    move much multiple must my myriad name namely narrow natural naturally nature near
    nearly necessarily necessary necessitate necessity need needed neglect neither never
    nevertheless new newly next nine no nobody none nonetheless nontrivial nor normal
    normally not notable notably note nothing notice noticeable notion notorious notoriously
    novel novelty now nowadays nuance nuanced number numerous objective observation observe
    obstacle obtain obvious obviously occasionally occur odd of off off-the-shelf offer
    often old omit on once one one-size-fits-all ongoing only onto onward open open-source
    open-sourced openly operate operation opportunity oppose opposite optimal option
    optional or order ordinary org organize orient orientation origin original originally
    originate other otherwise ought our ours ourselves out outcome outline outperform output
    outside outstanding over overall overcome overhead overlook overly overview owing own
    pace package page pair paper paramount part partial partially participate particular
    particularly pass past path pave pay peak people per perfect perfectly perform
    performance performant perhaps period permit persist persistent perspective pertain
    pertinent phase phenomena phenomenon pick piece pillar pipeline pitfall pivotal place
    plausible play please plethora plus point poor poorly popular popularity portion pose
    posit position possess possibility possible possibly post potential potentially power
    powerful practical practically practice practitioner precede precise precisely preclude
    predominantly prefer preferable preliminary premise prepare presence present
    presentation preserve press presumably prevail prevalence prevalent prevent previous
    previously primarily primary prime principal principle principled prior priority
    proactively probable probably problem problematic procedure proceed process produce
    product proficiency proficient profound progress progressive progressively prohibitive
    prohibitively project prominent promise promising promote prone pronounced proof proper
    properly property proportion proposal propose prospect prove proven provide provision
    public publication publicly publish purely purpose pursue pursuit push put qualitative
    quality quantitative quantitatively quest question quick quickly quite radical raise ran
    range rapid rapidly rare rarely rate rather ratio rationale raw reach react readily
    ready real real-world realistic realize really reasonable reasonably receive recent
    recently recognize record recover redefine reduce reduction refer refine refinement
    reflect regard regardless regime regular reinforce relate relative relatively release
    relevance relevant reliability reliable reliably reliance rely remain remainder
    remarkable remarkably remedy remove render repeat repeatedly replace report repository
    represent request require requirement research researcher resemble reside resolve resort
    respect respectively respond response rest restrict result resulting retain rethink
    return reveal revisit revolutionize rich right rigid rigorous rigorously rise robust
    robustly robustness role roughly routine routinely row rule run s safe said sake salient
    same satisfactory satisfy save saw say scalable scarce scarcely scenario scene scheme
    school scope second secondly section see seek seem seen seldom select send separate
    separately serious seriously serve setting settle setup seven several severe severely
    shall share sharp she shed ship short shortcoming shorten should show showcase shown
    side sight sign significance significant significantly similar similarly simple simpler
    simplicity simplify simply simultaneous simultaneously since single situate situation
    six sizable size slight slightly slow small smaller smallest so so-called so-far solely
    solid solution solve some someone something sometimes somewhat soon sophisticated sort
    sota sought span special specialize specific specifically specify speed spend split
    spread stable stakeholder stand standard start state state-of-the-art static stay
    steadily steady steer stem still stimulate stop straightforward strategic strategically
    strategy streamline strength strengthen strict strictly strike striking strikingly
    strive strong stronger strongly struggle study style sub subject subsequent subsequently
    subset substantial substantially substitute subtle succeed success successful
    successfully successive successively such suffer suffice sufficient sufficiently suggest
    suggestion suit suitable suite sum superior superiority supplement supply support
    suppose sure surge surpass surprise surprising surprisingly survey sustain switch
    synergistic synergize synergy synthesize systematic systematically tackle tailor take
    taken talk target task technical technically technique technology tell ten ten-fold tend
    tendency term than thank that the their them themselves then theoretical theoretically
    there thereby therefore therein these they thing think third this thorough thoroughly
    those though thought thousand three threshold thrive through throughout thus tie tight
    time timely tiny to today together told too took tool top topic total totally touch
    tough toward towards traditional traditionally transcend transform transformative treat
    treatment tremendous tremendously trend trigger trillion trivial true truly try turn
    twelve twice two twofold type typical typically ubiquitous ultimate ultimately unable
    unaware unclear under underexplored undergo underlie underline underlying underpin
    underscore understand understanding understood undertake undesirable unexpected
    unexpectedly unexplored unfortunately uniform uniformly unify unique uniquely unit
    unless unlike unlikely unlock unnecessary unprecedented until unveil up up-to-date upon
    upper url us usable usage use used useful usefulness usual usually utility utilization
    utilize valid validate validation validity valuable variability variable variant
    variation variety various vary vast vastly verify versa versatile versatility version
    versus very via viable vice view violate virtually vital vs want warrant was way we weak
    weakness wealth website week well well-known went were what whatever when whenever where
    whereas whereby wherein wherever whether which while who whole whom whose why wide
    wide-ranging widely widespread will win wish with within without witness wonder word
    work world worse worst worth would write written wrong www year yet yield you young your
    zero
    """.split()
)

# Words of whole fields: part of a reason beside another word, and none by themselves.
BROAD_WORDS = frozenset(
    """
    ability acceleration access accumulation action activation adaptation adaptive
    addressing adoption ai algorithm algorithmic api architecture artifact artificial
    automatic autonomous awareness balance batch behavior bit block boundary bridge budget
    category chain class classic classical code coefficient coherent collection combination
    communication community compact company competence computation computational compute
    computer computing concentration condition configuration conflict connection constant
    constraint content context contextual contextually continual continuous control
    conversion coordinate coordination corpus correction correctness cost country curse
    customize cycle daily data deficiency delta dense density dependence dependency
    deployment depth derivation design detect detection deterioration device
    difficulty-aware dimension dimensional discipline discrepancy discrete distance
    distribution dl downstream duration dynamic dynamics economic educational
    efficient-learning engine engineer enterprise entity environmental equation era error
    estimation event exam execution expansion expert explanation exponential external face
    failure false family fault feature fidelity field filter fine-tune fine-tuned finite
    fixed floating flow fluctuation fraction fragment freedom frontier function
    functionality generalize generation generative generator grade group hand head
    heterogeneous hidden hierarchy historical history homogeneous horizon human hybrid
    hyperparameter image index inference information initialization instruction integral
    intelligence intelligent intention interaction interactive interface internet interpret
    interval iteration iterative iteratively job knowledge label language law layer learn
    learner learning level life lifelong light line linear list literature llm load location
    log loss machine master maximum measurement mechanism message meta metric mismatch ml
    modality model modeling modular module multi multi-modal multi-step multi-task
    multimodal network neural nlp node noisy novice object objectivity online optimize
    paradigm parameter pattern percent percentage person plan platform pool population
    practice-oriented precision predict prediction predictive predictor pressure priori
    probability protocol prototype proxy pure query random randomly real-time reason
    recursive redundant reference region relation representation representative reproduce
    reproducibility reproducible reproduction requirement-driven resilience resource
    restriction reuse review rigor risk root sample sampling scale scaling science
    scientific score scratch search segment selection self semantic semantically semantics
    sense sensitive sensitivity sentence sequence sequential series service session set
    shape shift shot signal similarity skill social society software sound source space
    specialization specification square stack stage standardize statistic statistical
    statistically step stream structural structure subspace subtask supervise supervised
    surface syntax system tailoring teacher team tension test text textual
    theoretical-analysis timestep track trade-off tradeoff train training transformation
    transition translate transparency transparent tree tune tuning unified update upgrade
    user utterance value vanilla vector visual visualization volume vulnerable weight wild
    workflow workload zero-shot
    """.split()
)

_ENDINGS = ("ing", "ed", "d", "e")
_LAST_LETTERS = frozenset(ending[-1] for ending in _ENDINGS)
_LEAST_STEM = 3


def says_nothing(word: str, words: frozenset[str] = EMPTY_WORDS) -> bool:
    """Tell whether a word, or what it is a form of, is in a list.

    Args:
        word: In its folded form: small letters, no plural.
        words: The list.
    """
    if word in words:
        return True
    # Most words have none of the endings.
    return word[-1:] in _LAST_LETTERS and any(form in words for form in _stems(word))


def _stems(word: str) -> list[str]:
    """Return what a word may be a form of: `using` of use, `studie` of study, `letting` of let."""
    stems = [word]
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < _LEAST_STEM - (ending == "ing"):
            continue
        stems += (stem, stem + "e")
        if stem[-1] == "i":
            stems.append(stem[:-1] + "y")
        if stem[-1] == stem[-2]:
            stems.append(stem[:-1])
    return stems
