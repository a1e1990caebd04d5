use crate::is_company_mailbox;

// proves: ORG-22 (only: an e-mail must be a company mailbox)
#[test]
fn a_mailbox_is_in_a_domain_or_below_one() {
    let domains = ["qinglan.example".to_owned(), "@Trade.Example".to_owned()];
    for (email, allowed) in [
        ("lin@qinglan.example", true),
        ("lin@hr.QINGLAN.example", true),
        ("lin@trade.example", true),
        ("lin@notqinglan.example", false),
        ("lin@qinglan.example.org", false),
        ("qinglan.example@elsewhere.example", false),
    ] {
        assert_eq!(is_company_mailbox(email, &domains), allowed, "{email}");
        assert!(is_company_mailbox(email, &[]), "no domain is named");
    }
}
